using RmStack.Protocol.Messages;
using static RmStack.Protocol.MessageClients;

namespace RmStack.Protocol;

public static partial class MessageCatalogue
{
    private static MessageInfo[] VmLifeRows() =>
    [
        new(MessageId.VmAllocate, "VM_ALLOCATE", MessageGroup.Creation)
        {
            Content = Payload<VmAllocate>(4, 4, "u16 vmid, u16 0"),
            Reply = Payload<VmAllocateReply>(0, 4, "u32 vmid when the request said 0, else nothing"),
            Sender = "HLOS",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmDeallocate, "VM_DEALLOCATE", MessageGroup.Creation)
        {
            Content = Payload<VmDeallocate>(4, 4, "u16 vmid, u16 0"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmConfigImage, "VM_CONFIG_IMAGE", MessageGroup.Creation)
        {
            Content = Payload<VmConfigImage>(40, 40, "u16 vmid, u16 auth, u32 parcel, u64 image_offset, u64 image_size, u64 dtb_offset, u64 dtb_size"),
            Reply = Nothing,
            Sender = "HLOS, as owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_creation.c",
        },
        new(MessageId.VmAuthImage, "VM_AUTH_IMAGE", MessageGroup.Creation)
        {
            Content = Payload<VmAuthImage>(4, RpcLimits.MaxContent, "u16 vmid, u16 n, n * (u32 type, u32 value)"),
            Reply = Nothing,
            Sender = "HLOS, as owner",
            Rm = RmSupport.Both,
            Clients = AndroidGunyah | Downstream,
            Source = "RM: vm_creation.c",
        },
        new(MessageId.VmInit, "VM_INIT", MessageGroup.Creation)
        {
            Content = Payload<VmInit>(4, 4, "u16 vmid, u16 0"),
            Reply = Nothing,
            Sender = "HLOS, as owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_creation.c",
        },
        new(MessageId.VmStart, "VM_START", MessageGroup.Lifecycle)
        {
            Content = Payload<VmStart>(4, 4, "u16 vmid, u16 0"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmStop, "VM_STOP", MessageGroup.Lifecycle)
        {
            Content = Payload<VmStop>(8, 8, "u16 vmid, u8 flags, u8 0, u32 reason"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmReset, "VM_RESET", MessageGroup.Lifecycle)
        {
            Content = Payload<VmReset>(4, 4, "u16 vmid, u16 0"),
            Reply = Nothing,
            Sender = "owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmSuspend, "VM_SUSPEND", MessageGroup.Lifecycle)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: vm_mgnt_message.h (reserved)",
        },
        new(MessageId.VmResume, "VM_RESUME", MessageGroup.Lifecycle)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: vm_mgnt_message.h (reserved)",
        },
        new(MessageId.VmExit, "VM_EXIT", MessageGroup.Lifecycle)
        {
            Content = Payload<VmExit>(4, 4, "u16 flags, u8 code, u8 0"),
            Reply = Nothing,
            Sender = "secondary VM, about itself",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmExited, "VM_EXITED", MessageGroup.Lifecycle)
        {
            Content = Payload<VmExited>(8, RpcLimits.MaxContent, "u16 vmid, u16 type, u32 reason size, reason"),
            Recipient = "owner",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmShutdown, "VM_SHUTDOWN", MessageGroup.Lifecycle)
        {
            Content = Payload<VmShutdown>(4, 4, "u32 reason"),
            Recipient = "the VM asked to stop",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmStatus, "VM_STATUS", MessageGroup.Lifecycle)
        {
            Content = Payload<VmStatus>(8, 8, "u16 vmid, u16 0, u8 vm_state, u8 os_state, u16 app_status"),
            Recipient = "running peers with an RM link",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
    ];
}
