namespace RmStack.Hypervisor.Objects;

/// <summary>Rights of capabilities, per type (Gunyah API: capability rights; values as the hypervisor's code has them).</summary>
public static class CapRights
{
    /// <summary>Activate, configure and attach; exists for every type.</summary>
    public const uint ObjectActivate = 0x8000_0000;

    public const uint PartitionObjectCreate = 1;
    public const uint PartitionDonate = 2;
    public const uint PartitionAll = ObjectActivate | 0x3;

    public const uint CSpaceCapCreate = 1;
    public const uint CSpaceCapDelete = 2;
    public const uint CSpaceCapCopy = 4;
    public const uint CSpaceAttach = 8;
    public const uint CSpaceCapRevoke = 0x10;
    public const uint CSpaceAll = ObjectActivate | 0x1f;

    public const uint AddressSpaceAttach = 1;
    public const uint AddressSpaceMap = 2;
    public const uint AddressSpaceLookup = 4;
    public const uint AddressSpaceAddVmmioRange = 8;
    public const uint AddressSpaceAll = ObjectActivate | 0xf;

    public const uint MemExtentMap = 1;
    public const uint MemExtentDerive = 2;
    public const uint MemExtentAttach = 4;
    public const uint MemExtentLookup = 8;
    public const uint MemExtentDonate = 0x10;
    public const uint MemExtentAll = ObjectActivate | 0x1f;

    public const uint ThreadPower = 1;
    public const uint ThreadAffinity = 2;
    public const uint ThreadPriority = 4;
    public const uint ThreadTimeslice = 8;
    public const uint ThreadYieldTo = 0x10;
    public const uint ThreadBindVirq = 0x20;
    public const uint ThreadState = 0x40;
    public const uint ThreadLifecycle = 0x80;
    public const uint ThreadWriteContext = 0x100;
    public const uint ThreadDisable = 0x200;
    public const uint ThreadAll = ObjectActivate | 0x3ff;

    public const uint DoorbellSend = 1;
    public const uint DoorbellReceive = 2;
    public const uint DoorbellBind = 4;
    public const uint DoorbellAll = ObjectActivate | 0x7;

    public const uint MsgQueueSend = 1;
    public const uint MsgQueueReceive = 2;
    public const uint MsgQueueBindSend = 4;
    public const uint MsgQueueBindReceive = 8;
    public const uint MsgQueueAll = ObjectActivate | 0xf;

    public const uint VicBindSource = 1;
    public const uint VicAttachVcpu = 2;
    public const uint VicAttachVdevice = 4;
    public const uint VicAll = ObjectActivate | 0x7;

    public const uint VpmGroupAttachVcpu = 1;
    public const uint VpmGroupBindVirq = 2;
    public const uint VpmGroupQuery = 4;
    public const uint VpmGroupAll = ObjectActivate | 0x7;
}
