using RmStack.Protocol.Messages;
using static RmStack.Protocol.MessageClients;

namespace RmStack.Protocol;

public static partial class MessageCatalogue
{
    private static MessageInfo[] VmSettingsRows() =>
    [
        new(MessageId.VmSetBootContextV15, "VM_SET_BOOT_CONTEXT_V15", MessageGroup.Settings)
        {
            Content = Payload<VmSetBootContext>(16, 16, "u16 vmid, u8 register_set, u8 index, u32 0, u64 value"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.Unknown,
            Clients = LinuxV15,
            Source = "Linux v15: rsc_mgr_rpc.c",
        },
        new(MessageId.VmSetTimeBase, "VM_SET_TIME_BASE", MessageGroup.Settings)
        {
            Content = Payload<VmSetTimeBase>(20, 20, "u16 vmid, u16 0, u64 time, u64 counter"),
            Reply = Nothing,
            ErrorReplyMayCarryWord = true,
            Sender = "self, owner, peer",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_creation.c",
        },
        new(MessageId.VmSetBootContext, "VM_SET_BOOT_CONTEXT", MessageGroup.Settings)
        {
            Content = Payload<VmSetBootContext>(16, 16, "u16 vmid, u8 register_set, u8 index, u32 0, u64 value"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.NewerOnly,
            Clients = LinuxV17 | AndroidGunyah,
            Source = "RM (newer): vm_creation.c; Linux v17: rsc_mgr_rpc.c",
        },
        new(MessageId.VmSetFirmwareMem, "VM_SET_FIRMWARE_MEM", MessageGroup.Settings)
        {
            Content = Payload<VmSetFirmwareMem>(24, 24, "u16 vmid, u16 0, u32 parcel, u64 offset, u64 size"),
            Reply = Nothing,
            ErrorReplyMayCarryWord = true,
            Sender = "self, owner, peer",
            Rm = RmSupport.Both,
            Clients = AndroidGh | AndroidGunyah,
            Source = "RM: vm_firmware.c",
        },
        new(MessageId.VmSetDemandPaging, "VM_SET_DEMAND_PAGING", MessageGroup.Settings)
        {
            Content = Payload<VmSetDemandPaging>(8, RpcLimits.MaxContent, "u16 vmid, u16 0, u32 n, n * (u64 address, u64 size)"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.NewerOnly,
            Clients = LinuxV17 | LinuxV15 | AndroidGunyah,
            Source = "RM (newer): vm_creation.c; Linux v17: rsc_mgr_rpc.c",
        },
        new(MessageId.VmSetAddressLayout, "VM_SET_ADDRESS_LAYOUT", MessageGroup.Settings)
        {
            Content = Payload<VmSetAddressLayout>(24, 24, "u16 vmid, u16 0, u32 range, u64 base, u64 size"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.NewerOnly,
            Clients = LinuxV17 | LinuxV15 | AndroidGunyah,
            Source = "RM (newer): vm_creation.c; Linux v17: rsc_mgr_rpc.c",
        },
        new(MessageId.VmSetDebug, "VM_SET_DEBUG", MessageGroup.Settings)
        {
            Content = Payload<VmSetDebug>(4, 4, "u16 vmid, u8 0, u8 enabled"),
            Reply = Nothing,
            Sender = "self, owner",
            Rm = RmSupport.NewerOnly,
            Clients = Downstream,
            Source = "RM (newer): vm_creation.c",
        },
        new(MessageId.IpaReserve, "IPA_RESERVE", MessageGroup.Settings)
        {
            Content = Payload<IpaReserve>(16, RpcLimits.MaxContent, "u8 kind, u8[3] 0, u32 constraints, u32 platform_constraints, u32 n, n * (u64 address, u64 size) or n * (u64 base, u64 limit, u64 size, u64 alignment)"),
            Reply = Payload<IpaReserveReply>(0, RpcLimits.MaxContent, "nothing for a fixed list, else u32 n, n * u64 address"),
            Sender = "any VM but HLOS, about itself",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_ipa.c",
        },
        new(MessageId.IpaUnreserve, "IPA_UNRESERVE", MessageGroup.Settings)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: vm_ipa.c",
        },
        new(MessageId.VmIrqAccept, "VM_IRQ_ACCEPT", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqAccept>(8, 8, "u32 irq, u32 virq"),
            Reply = Payload<VmIrqAcceptReply>(4, 4, "u32 virq"),
            Sender = "borrower",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqLend, "VM_IRQ_LEND", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqLend>(12, 12, "u16 borrower, u16 0, u32 virq, u32 label"),
            Reply = Payload<VmIrqHandleReply>(4, 4, "u32 irq"),
            Sender = "any VM, for its own interrupt",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqRelease, "VM_IRQ_RELEASE", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqRelease>(4, 4, "u32 irq"),
            Reply = Nothing,
            Sender = "borrower",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqReclaim, "VM_IRQ_RECLAIM", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqReclaim>(4, 4, "u32 irq"),
            Reply = Nothing,
            Sender = "owner of the interrupt",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqNotify, "VM_IRQ_NOTIFY", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqNotify>(8, RpcLimits.MaxContent, "u32 irq, u32 flags, VMIDs (LENT only, optional)"),
            Reply = Nothing,
            Sender = "owner (LENT) or borrower",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqUnmap, "VM_IRQ_UNMAP", MessageGroup.Irqs)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: irq_message.h",
        },
        new(MessageId.VmIrqLent, "VM_IRQ_LENT", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqLent>(12, 12, "u16 owner, u16 0, u32 irq, u32 label"),
            Recipient = "borrower",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqReleased, "VM_IRQ_RELEASED", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqReleased>(4, 4, "u32 irq"),
            Recipient = "owner of the interrupt",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmIrqAccepted, "VM_IRQ_ACCEPTED", MessageGroup.Irqs)
        {
            Content = Payload<VmIrqAccepted>(4, 4, "u32 irq"),
            Recipient = "owner of the interrupt",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: irq_manager.c",
        },
        new(MessageId.VmConsoleOpen, "VM_CONSOLE_OPEN", MessageGroup.Console)
        {
            Content = Payload<VmConsoleOpen>(4, 4, "u16 target, u16 0"),
            Reply = Nothing,
            Sender = "console VM (target 0) or its owner",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_console_simple.c",
        },
        new(MessageId.VmConsoleClose, "VM_CONSOLE_CLOSE", MessageGroup.Console)
        {
            Content = Payload<VmConsoleClose>(4, 4, "u16 target, u16 0"),
            Reply = Nothing,
            Sender = "console VM (target 0) or its owner",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_console_simple.c",
        },
        new(MessageId.VmConsoleWrite, "VM_CONSOLE_WRITE", MessageGroup.Console)
        {
            Content = Payload<VmConsoleWrite>(4, RpcLimits.MaxContent, "u16 target, u16 n, n bytes"),
            Reply = Nothing,
            Sender = "console VM (target 0) or its owner",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_console_simple.c",
        },
        new(MessageId.VmConsoleFlush, "VM_CONSOLE_FLUSH", MessageGroup.Console)
        {
            Content = Payload<VmConsoleFlush>(4, 4, "u16 target, u16 0"),
            Reply = Nothing,
            Sender = "console VM (target 0) or its owner",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_console_simple.c",
        },
        new(MessageId.VmConsoleChars, "VM_CONSOLE_CHARS", MessageGroup.Console)
        {
            Content = Payload<VmConsoleChars>(4, RpcLimits.MaxContent, "u16 from, u16 n, n bytes"),
            Recipient = "the other side of the console",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_console_simple.c",
        },
    ];
}
