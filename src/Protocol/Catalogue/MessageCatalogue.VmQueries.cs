using RmStack.Protocol.Messages;
using static RmStack.Protocol.MessageClients;

namespace RmStack.Protocol;

public static partial class MessageCatalogue
{
    private static MessageInfo[] VmQueriesRows() =>
    [
        new(MessageId.VmGetId, "VM_GET_ID", MessageGroup.Queries)
        {
            Content = Payload<VmGetId>(4, 4, "u16 vmid, u16 0"),
            Reply = Payload<VmGetIdReply>(4, RpcLimits.MaxContent, "u32 n, n * (u8 type, u8 0, u16 size, data, zeros to 4)"),
            Sender = "self, owner, peer",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmLookupUri, "VM_LOOKUP_URI", MessageGroup.Queries)
        {
            Content = Payload<VmLookupName>(4, 4 + 80, "u16 length, u16 0, text, zeros to 4"),
            Reply = Payload<VmListReply>(4, RpcLimits.MaxContent, "u32 n, n * (u16 vmid, u16 0)"),
            Sender = "any VM; sees self, its own VMs, peers",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmLookupGuid, "VM_LOOKUP_GUID", MessageGroup.Queries)
        {
            Content = Payload<VmLookupGuid>(16, 16, "u8[16] guid"),
            Reply = Payload<VmListReply>(4, RpcLimits.MaxContent, "u32 n, n * (u16 vmid, u16 0)"),
            Sender = "any VM; sees self, its own VMs, peers",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmLookupName, "VM_LOOKUP_NAME", MessageGroup.Queries)
        {
            Content = Payload<VmLookupName>(4, 4 + 80, "u16 length, u16 0, text, zeros to 4"),
            Reply = Payload<VmListReply>(4, RpcLimits.MaxContent, "u32 n, n * (u16 vmid, u16 0)"),
            Sender = "any VM; sees self, its own VMs, peers",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmGetOwner, "VM_GET_OWNER", MessageGroup.Queries)
        {
            Content = Nothing,
            Reply = Payload<VmidReply>(4, 4, "u16 vmid, u16 0"),
            Sender = "any VM, about itself",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmGetState, "VM_GET_STATE", MessageGroup.Queries)
        {
            Content = Payload<VmGetState>(4, 4, "u16 vmid, u16 0"),
            Reply = Payload<VmGetStateReply>(4, 4, "u8 vm_state, u8 os_state, u16 app_status"),
            Sender = "self, owner, peer",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmGetCrashMsg, "VM_GET_CRASH_MSG", MessageGroup.Queries)
        {
            Content = Payload<VmGetCrashMsg>(4, 4, "u16 vmid, u16 0"),
            Reply = Payload<VmCrashMsg>(4, RpcLimits.MaxContent, "u16 length, u16 0, text, zeros to 4"),
            Sender = "owner",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmGetHypResources, "VM_GET_HYP_RESOURCES", MessageGroup.Queries)
        {
            Content = Payload<VmGetHypResources>(4, 4, "u16 vmid, u16 0"),
            Reply = Payload<VmGetHypResourcesReply>(4, RpcLimits.MaxContent, "u32 n, n * (u8 type, u8 0, u16 partner, u32 handle, u32 label, u64 cap, u32 virq_handle, u32 virq, u64 base, u64 size)"),
            Sender = "any VM; sees what it shares with the VM",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_get_resources.c",
        },
        new(MessageId.VmGetHypCapids, "VM_GET_HYP_CAPIDS", MessageGroup.Queries)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: vm_resource_msg.h (reserved)",
        },
        new(MessageId.VmGetHypIrqs, "VM_GET_HYP_IRQS", MessageGroup.Queries)
        {
            Content = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Reply = Payload<OpaquePayload>(0, RpcLimits.MaxContent, "not public"),
            Sender = "nobody",
            Rm = RmSupport.KnownUnimplemented,
            Clients = None,
            Source = "RM: vm_resource_msg.h (reserved)",
        },
        new(MessageId.VmGetVmid, "VM_GET_VMID", MessageGroup.Queries)
        {
            Content = Nothing,
            Reply = Payload<VmidReply>(4, 4, "u16 vmid, u16 0"),
            Sender = "any VM, about itself",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmGetPeers, "VM_GET_PEERS", MessageGroup.Queries)
        {
            Content = Nothing,
            Reply = Payload<VmListReply>(4, RpcLimits.MaxContent, "u32 n, n * (u16 vmid, u16 0)"),
            Sender = "any VM, about itself",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmSetStatus, "VM_SET_STATUS", MessageGroup.Queries)
        {
            Content = Payload<VmSetStatus>(4, 4, "u8 0, u8 os_state, u16 app_status"),
            Reply = Nothing,
            Sender = "platform secondary VM, about itself",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmSetCrashMsg, "VM_SET_CRASH_MSG", MessageGroup.Queries)
        {
            Content = Payload<VmCrashMsg>(4, RpcLimits.MaxContent, "u16 length, u16 0, text, zeros to 4"),
            Reply = Nothing,
            Sender = "any VM, about itself",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
        new(MessageId.VmHostGetType, "VM_HOST_GET_TYPE", MessageGroup.Queries)
        {
            Content = Nothing,
            Reply = Payload<VmHostGetTypeReply>(4, 4, "u8 architecture, u8 hypervisor, u8 0, u8 version"),
            Sender = "any VM",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_mgnt.c",
        },
    ];
}
