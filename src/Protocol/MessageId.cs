using System.Globalization;

namespace RmStack.Protocol;

/// <summary>Id of a request (echoed in its reply) or of a notification. Ids without a name are ordinary values.</summary>
/// <param name="Value">The number on the wire.</param>
public readonly record struct MessageId(uint Value)
{
    /// <summary>Set in the ids of notifications.</summary>
    public const uint NotificationBit = 1u << 20;

    public static readonly MessageId GetIdent = new(MessageNumber.GetIdent);
    public static readonly MessageId GetFeatures = new(MessageNumber.GetFeatures);
    public static readonly MessageId GetLog = new(MessageNumber.GetLog);
    public static readonly MessageId MemDonate = new(MessageNumber.MemDonate);
    public static readonly MessageId MemAccept = new(MessageNumber.MemAccept);
    public static readonly MessageId MemLend = new(MessageNumber.MemLend);
    public static readonly MessageId MemShare = new(MessageNumber.MemShare);
    public static readonly MessageId MemRelease = new(MessageNumber.MemRelease);
    public static readonly MessageId MemReclaim = new(MessageNumber.MemReclaim);
    public static readonly MessageId MemNotify = new(MessageNumber.MemNotify);
    public static readonly MessageId MemAppend = new(MessageNumber.MemAppend);
    public static readonly MessageId MemQcomLookupSgl = new(MessageNumber.MemQcomLookupSgl);
    public static readonly MessageId FwMilestone = new(MessageNumber.FwMilestone);
    public static readonly MessageId FwSetVmFirmware = new(MessageNumber.FwSetVmFirmware);
    public static readonly MessageId HeapCreate = new(MessageNumber.HeapCreate);
    public static readonly MessageId HeapDelete = new(MessageNumber.HeapDelete);
    public static readonly MessageId HeapAddMemory = new(MessageNumber.HeapAddMemory);
    public static readonly MessageId HeapRemoveMemory = new(MessageNumber.HeapRemoveMemory);
    public static readonly MessageId HeapQuery = new(MessageNumber.HeapQuery);
    public static readonly MessageId VmAllocate = new(MessageNumber.VmAllocate);
    public static readonly MessageId VmDeallocate = new(MessageNumber.VmDeallocate);
    public static readonly MessageId VmStart = new(MessageNumber.VmStart);
    public static readonly MessageId VmStop = new(MessageNumber.VmStop);
    public static readonly MessageId VmReset = new(MessageNumber.VmReset);
    public static readonly MessageId VmSuspend = new(MessageNumber.VmSuspend);
    public static readonly MessageId VmResume = new(MessageNumber.VmResume);
    public static readonly MessageId VmConfigImage = new(MessageNumber.VmConfigImage);
    public static readonly MessageId VmAuthImage = new(MessageNumber.VmAuthImage);
    public static readonly MessageId VmInit = new(MessageNumber.VmInit);
    public static readonly MessageId VmSetBootContextV15 = new(MessageNumber.VmSetBootContextV15);
    public static readonly MessageId VmGetId = new(MessageNumber.VmGetId);
    public static readonly MessageId VmLookupUri = new(MessageNumber.VmLookupUri);
    public static readonly MessageId VmLookupGuid = new(MessageNumber.VmLookupGuid);
    public static readonly MessageId VmLookupName = new(MessageNumber.VmLookupName);
    public static readonly MessageId VmGetOwner = new(MessageNumber.VmGetOwner);
    public static readonly MessageId VmGetState = new(MessageNumber.VmGetState);
    public static readonly MessageId VmGetCrashMsg = new(MessageNumber.VmGetCrashMsg);
    public static readonly MessageId VmGetHypResources = new(MessageNumber.VmGetHypResources);
    public static readonly MessageId VmGetHypCapids = new(MessageNumber.VmGetHypCapids);
    public static readonly MessageId VmGetHypIrqs = new(MessageNumber.VmGetHypIrqs);
    public static readonly MessageId VmGetVmid = new(MessageNumber.VmGetVmid);
    public static readonly MessageId VmGetPeers = new(MessageNumber.VmGetPeers);
    public static readonly MessageId VmSetTimeBase = new(MessageNumber.VmSetTimeBase);
    public static readonly MessageId VmSetBootContext = new(MessageNumber.VmSetBootContext);
    public static readonly MessageId VmSetFirmwareMem = new(MessageNumber.VmSetFirmwareMem);
    public static readonly MessageId VmSetDemandPaging = new(MessageNumber.VmSetDemandPaging);
    public static readonly MessageId VmSetAddressLayout = new(MessageNumber.VmSetAddressLayout);
    public static readonly MessageId VmSetDebug = new(MessageNumber.VmSetDebug);
    public static readonly MessageId MinidumpGetInfo = new(MessageNumber.MinidumpGetInfo);
    public static readonly MessageId MinidumpRegisterRange = new(MessageNumber.MinidumpRegisterRange);
    public static readonly MessageId MinidumpDeregisterSlot = new(MessageNumber.MinidumpDeregisterSlot);
    public static readonly MessageId MinidumpGetSlotNumber = new(MessageNumber.MinidumpGetSlotNumber);
    public static readonly MessageId VmIrqAccept = new(MessageNumber.VmIrqAccept);
    public static readonly MessageId VmIrqLend = new(MessageNumber.VmIrqLend);
    public static readonly MessageId VmIrqRelease = new(MessageNumber.VmIrqRelease);
    public static readonly MessageId VmIrqReclaim = new(MessageNumber.VmIrqReclaim);
    public static readonly MessageId VmIrqNotify = new(MessageNumber.VmIrqNotify);
    public static readonly MessageId VmIrqUnmap = new(MessageNumber.VmIrqUnmap);
    public static readonly MessageId DeviceAccept = new(MessageNumber.DeviceAccept);
    public static readonly MessageId DeviceLend = new(MessageNumber.DeviceLend);
    public static readonly MessageId DeviceRelease = new(MessageNumber.DeviceRelease);
    public static readonly MessageId DeviceReclaim = new(MessageNumber.DeviceReclaim);
    public static readonly MessageId DeviceNotify = new(MessageNumber.DeviceNotify);
    public static readonly MessageId DeviceFindHandle = new(MessageNumber.DeviceFindHandle);
    public static readonly MessageId DeviceGetResources = new(MessageNumber.DeviceGetResources);
    public static readonly MessageId DeviceBusLockdown = new(MessageNumber.DeviceBusLockdown);
    public static readonly MessageId DeviceBusUnlock = new(MessageNumber.DeviceBusUnlock);
    public static readonly MessageId DeviceDonate = new(MessageNumber.DeviceDonate);
    public static readonly MessageId VmSetStatus = new(MessageNumber.VmSetStatus);
    public static readonly MessageId VmConsoleOpen = new(MessageNumber.VmConsoleOpen);
    public static readonly MessageId VmConsoleClose = new(MessageNumber.VmConsoleClose);
    public static readonly MessageId VmConsoleWrite = new(MessageNumber.VmConsoleWrite);
    public static readonly MessageId VmConsoleFlush = new(MessageNumber.VmConsoleFlush);
    public static readonly MessageId VmExit = new(MessageNumber.VmExit);
    public static readonly MessageId VmSetCrashMsg = new(MessageNumber.VmSetCrashMsg);
    public static readonly MessageId VmHostGetType = new(MessageNumber.VmHostGetType);
    public static readonly MessageId IpaReserve = new(MessageNumber.IpaReserve);
    public static readonly MessageId IpaUnreserve = new(MessageNumber.IpaUnreserve);
    public static readonly MessageId GetLogAddress = new(MessageNumber.GetLogAddress);
    public static readonly MessageId MemShared = new(MessageNumber.MemShared);
    public static readonly MessageId MemReleased = new(MessageNumber.MemReleased);
    public static readonly MessageId MemAccepted = new(MessageNumber.MemAccepted);
    public static readonly MessageId MemRecall = new(MessageNumber.MemRecall);
    public static readonly MessageId VmExited = new(MessageNumber.VmExited);
    public static readonly MessageId VmShutdown = new(MessageNumber.VmShutdown);
    public static readonly MessageId VmStatus = new(MessageNumber.VmStatus);
    public static readonly MessageId VmIrqLent = new(MessageNumber.VmIrqLent);
    public static readonly MessageId VmIrqReleased = new(MessageNumber.VmIrqReleased);
    public static readonly MessageId VmIrqAccepted = new(MessageNumber.VmIrqAccepted);
    public static readonly MessageId DeviceDonated = new(MessageNumber.DeviceDonated);
    public static readonly MessageId DeviceLent = new(MessageNumber.DeviceLent);
    public static readonly MessageId DeviceReleased = new(MessageNumber.DeviceReleased);
    public static readonly MessageId DeviceAccepted = new(MessageNumber.DeviceAccepted);
    public static readonly MessageId DeviceRecall = new(MessageNumber.DeviceRecall);
    public static readonly MessageId VmConsoleChars = new(MessageNumber.VmConsoleChars);

    /// <summary>Whether bit 20 marks this as a notification.</summary>
    public bool IsNotification => (Value & NotificationBit) != 0;

    /// <summary>Finds a message by the catalogue's name in any case, or by its number, decimal or behind 0x.</summary>
    public static bool TryParse(string text, out MessageId id)
    {
        var row = MessageCatalogue.All.FirstOrDefault(row => string.Equals(row.Name, text, StringComparison.OrdinalIgnoreCase));
        ulong number = 0;
        var found = row is not null || (FieldText.TryNumber(text, out number, out _) && number <= uint.MaxValue);
        id = row?.Id ?? new MessageId(found ? (uint)number : 0);
        return found;
    }

    /// <summary>The catalogue's name, or the number.</summary>
    public override string ToString() => MessageCatalogue.Find(this)?.Name ?? "0x" + Value.ToString("x8", CultureInfo.InvariantCulture);
}
