using RmStack.Protocol.Messages;
using static RmStack.Protocol.MessageClients;

namespace RmStack.Protocol;

public static partial class MessageCatalogue
{
    private static MessageInfo[] OthersRows() =>
    [
        new(MessageId.HeapCreate, "HEAP_CREATE", MessageGroup.Heaps)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM (newer): heap_mgnt.c",
        },
        new(MessageId.HeapDelete, "HEAP_DELETE", MessageGroup.Heaps)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM (newer): heap_mgnt.c",
        },
        new(MessageId.HeapAddMemory, "HEAP_ADD_MEMORY", MessageGroup.Heaps)
        {
            Content = Payload<HeapAddMemory>(12, 12, "u32 heap, u32 0, u32 parcel"),
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.NewerOnly,
            Clients = Downstream,
            Source = "RM (newer): heap_mgnt.c",
        },
        new(MessageId.HeapRemoveMemory, "HEAP_REMOVE_MEMORY", MessageGroup.Heaps)
        {
            Content = Payload<HeapRemoveMemory>(12, 12, "u32 heap, u32 0, u32 parcel"),
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.NewerOnly,
            Clients = Downstream,
            Source = "RM (newer): heap_mgnt.c",
        },
        new(MessageId.HeapQuery, "HEAP_QUERY", MessageGroup.Heaps)
        {
            Content = Payload<HeapQuery>(8, 8, "u32 heap, u8 query, u8[3] 0"),
            Reply = Payload<HeapQueryReply>(4, RpcLimits.MaxContent, "u32 n, n * u32 parcel; or u64 total, u64 allocated, u64 reserved, u64 largest_free"),
            Sender = "HLOS",
            Rm = RmSupport.NewerOnly,
            Clients = Downstream,
            Source = "RM (newer): heap_mgnt.c",
        },
        new(MessageId.DeviceAccept, "DEVICE_ACCEPT", MessageGroup.Devices)
        {
            Content = Payload<DeviceAccept>(12, 12, "u32 device, u8 flags, u8[3] 0, u32 bus"),
            Reply = Nothing,
            Sender = "borrower",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceLend, "DEVICE_LEND", MessageGroup.Devices)
        {
            Content = Payload<DeviceLend>(8, 8, "u16 vmid, u8 flags, u8 0, u32 device"),
            Reply = Nothing,
            Sender = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceRelease, "DEVICE_RELEASE", MessageGroup.Devices)
        {
            Content = Payload<DeviceRelease>(8, 8, "u32 device, u8 flags, u8[3] 0"),
            Reply = Nothing,
            Sender = "borrower",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceReclaim, "DEVICE_RECLAIM", MessageGroup.Devices)
        {
            Content = Payload<DeviceReclaim>(8, 8, "u32 device, u8 flags, u8[3] 0"),
            Reply = Nothing,
            Sender = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceNotify, "DEVICE_NOTIFY", MessageGroup.Devices)
        {
            Content = Payload<DeviceNotify>(8, RpcLimits.MaxContent, "u32 device, u8 flags, u8 0, u16 vmid"),
            Reply = Nothing,
            Sender = "owner or borrower",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceFindHandle, "DEVICE_FIND_HANDLE", MessageGroup.Devices)
        {
            Content = Payload<DeviceFindHandle>(16, 16, "u8 type, u8[3] 0, u32 data0, u32 data1, u32 data2"),
            Reply = Payload<DeviceHandleReply>(4, 4, "u32 device"),
            Sender = "owner or borrower",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceGetResources, "DEVICE_GET_RESOURCES", MessageGroup.Devices)
        {
            Content = Payload<DeviceGetResources>(8, 8, "u32 device, u8 flags, u8[3] 0"),
            Reply = Payload<DeviceResourcesReply>(4, RpcLimits.MaxContent, "u16 n, u16 0, n * (u8 type, u8[3] 0, u32 data0, u32 data1, u32 data2)"),
            Sender = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceBusLockdown, "DEVICE_BUS_LOCKDOWN", MessageGroup.Devices)
        {
            Content = Payload<DeviceBus>(4, 4, "u32 bus"),
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceBusUnlock, "DEVICE_BUS_UNLOCK", MessageGroup.Devices)
        {
            Content = Payload<DeviceBus>(4, 4, "u32 bus"),
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceDonate, "DEVICE_DONATE", MessageGroup.Devices)
        {
            Content = Payload<DeviceDonate>(8, 8, "u16 vmid, u8 flags, u8 0, u32 device"),
            Reply = Nothing,
            Sender = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = Downstream,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceDonated, "DEVICE_DONATED", MessageGroup.Devices)
        {
            Content = Payload<DeviceEvent>(8, 8, "u16 vmid, u16 0, u32 device"),
            Recipient = "VM that gets the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = None,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceLent, "DEVICE_LENT", MessageGroup.Devices)
        {
            Content = Payload<DeviceEvent>(8, 8, "u16 vmid, u16 0, u32 device"),
            Recipient = "VM that gets the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = None,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceReleased, "DEVICE_RELEASED", MessageGroup.Devices)
        {
            Content = Payload<DeviceReleased>(4, 4, "u32 device"),
            Recipient = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = None,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceAccepted, "DEVICE_ACCEPTED", MessageGroup.Devices)
        {
            Content = Payload<DeviceEvent>(8, 8, "u16 vmid, u16 0, u32 device"),
            Recipient = "owner of the device",
            Rm = RmSupport.NewerBuildOption,
            Clients = None,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.DeviceRecall, "DEVICE_RECALL", MessageGroup.Devices)
        {
            Content = Payload<DeviceEvent>(8, 8, "u16 vmid, u16 0, u32 device"),
            Recipient = "borrower",
            Rm = RmSupport.NewerBuildOption,
            Clients = None,
            Source = "RM (newer): device_manager.c",
        },
        new(MessageId.GetIdent, "GET_IDENT", MessageGroup.Diagnostics)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.Unknown,
            Clients = None,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
        new(MessageId.GetFeatures, "GET_FEATURES", MessageGroup.Diagnostics)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.Unknown,
            Clients = None,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
        new(MessageId.GetLog, "GET_LOG", MessageGroup.Diagnostics)
        {
            Content = Payload<GetLog>(4, 4, "u16 log, u16 0"),
            Reply = Payload<GetLogReply>(16, 16, "u64 address, u64 size"),
            Sender = "HLOS",
            Rm = RmSupport.NewerOnly,
            Clients = None,
            Source = "RM (newer): log.c",
        },
        new(MessageId.GetLogAddress, "GET_LOG_ADDRESS", MessageGroup.Diagnostics)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.Unknown,
            Clients = None,
            Source = "Linux v15: rsc_mgr_rpc.c (never called)",
        },
        new(MessageId.MinidumpGetInfo, "MINIDUMP_GET_INFO", MessageGroup.Diagnostics)
        {
            Content = Payload<MinidumpGetInfo>(4, 4, "u32 0"),
            Reply = Payload<MinidumpSlotReply>(4, 4, "u16 slot, u16 0"),
            Sender = "HLOS",
            Rm = RmSupport.Unknown,
            Clients = Downstream,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
        new(MessageId.MinidumpRegisterRange, "MINIDUMP_REGISTER_RANGE", MessageGroup.Diagnostics)
        {
            Content = Payload<MinidumpRegisterRange>(20, RpcLimits.MaxContent, "u64 base, u64 size, u8 name size, u8 name offset, u16 0, name"),
            Reply = Payload<MinidumpSlotReply>(4, 4, "u16 slot, u16 0"),
            Sender = "HLOS",
            Rm = RmSupport.Unknown,
            Clients = Downstream,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
        new(MessageId.MinidumpDeregisterSlot, "MINIDUMP_DEREGISTER_SLOT", MessageGroup.Diagnostics)
        {
            Content = Payload<MinidumpDeregisterSlot>(4, 4, "u16 slot, u16 0"),
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.Unknown,
            Clients = Downstream,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
        new(MessageId.MinidumpGetSlotNumber, "MINIDUMP_GET_SLOT_NUMBER", MessageGroup.Diagnostics)
        {
            Content = Payload<MinidumpGetSlotNumber>(8, RpcLimits.MaxContent, "u8 name size, u8[3] 0, u16 first_slot, u16 0, name"),
            Reply = Payload<MinidumpSlotReply>(4, 4, "u16 slot, u16 0"),
            Sender = "HLOS",
            Rm = RmSupport.Unknown,
            Clients = Downstream,
            Source = "downstream: gh_rm_core.c, gh_rm_drv_private.h",
        },
    ];
}
