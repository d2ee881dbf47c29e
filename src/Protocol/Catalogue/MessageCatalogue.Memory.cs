using RmStack.Protocol.Messages;
using static RmStack.Protocol.MessageClients;

namespace RmStack.Protocol;

public static partial class MessageCatalogue
{
    private static MessageInfo[] MemoryRows() =>
    [
        new(MessageId.MemDonate, "MEM_DONATE", MessageGroup.Memory)
        {
            Content = Payload<MemLend>(20, RpcLimits.MaxContent, "u8 mem_type, u8 0, u8 flags, u8 0, u32 label, ACL, SGL, attributes"),
            Reply = Payload<MemHandleReply>(4, 4, "u32 parcel"),
            Sender = "any VM, for its own memory",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemAccept, "MEM_ACCEPT", MessageGroup.Memory)
        {
            Content = Payload<MemAccept>(24, RpcLimits.MaxContent, "u32 parcel, u8 mem_type, u8 trans_type, u8 flags, u8 0, u32 label, ACL, SGL with map_vmid, attributes"),
            Reply = Payload<MemAcceptReply>(0, MemAcceptReply.SizeOf(RpcLimits.MaxListEntries), "nothing when the request had an SGL, else u16 n, u8 flags, u8 0, n * (u64 address, u64 size)"),
            Sender = "recipient",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemLend, "MEM_LEND", MessageGroup.Memory)
        {
            Content = Payload<MemLend>(20, RpcLimits.MaxContent, "u8 mem_type, u8 0, u8 flags, u8 0, u32 label, ACL, SGL, attributes"),
            Reply = Payload<MemHandleReply>(4, 4, "u32 parcel"),
            Sender = "any VM, for its own memory",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemShare, "MEM_SHARE", MessageGroup.Memory)
        {
            Content = Payload<MemLend>(20, RpcLimits.MaxContent, "u8 mem_type, u8 0, u8 flags, u8 0, u32 label, ACL, SGL, attributes"),
            Reply = Payload<MemHandleReply>(4, 4, "u32 parcel"),
            Sender = "any VM, for its own memory",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemRelease, "MEM_RELEASE", MessageGroup.Memory)
        {
            Content = Payload<MemRelease>(8, RpcLimits.MaxContent, "u32 parcel, u8 flags, u8[3] 0"),
            Reply = Nothing,
            Sender = "recipient",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemReclaim, "MEM_RECLAIM", MessageGroup.Memory)
        {
            Content = Payload<MemReclaim>(8, RpcLimits.MaxContent, "u32 parcel, u8 flags, u8[3] 0"),
            Reply = Nothing,
            Sender = "owner of the memparcel",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemNotify, "MEM_NOTIFY", MessageGroup.Memory)
        {
            Content = Payload<MemNotify>(12, RpcLimits.MaxContent, "u32 parcel, u8 flags, u8[3] 0, u32 tag, VMIDs (SHARED and RECALL only)"),
            Reply = Nothing,
            Sender = "owner (SHARED, RECALL) or recipient",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemAppend, "MEM_APPEND", MessageGroup.Memory)
        {
            Content = Payload<MemAppend>(12, RpcLimits.MaxContent, "u32 parcel, u8 flags, u8[3] 0, SGL"),
            Reply = Nothing,
            Sender = "owner of the memparcel",
            Rm = RmSupport.Both,
            Clients = Everyone,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemQcomLookupSgl, "MEM_QCOM_LOOKUP_SGL", MessageGroup.Memory)
        {
            Content = Payload<MemQcomLookupSgl>(16, RpcLimits.MaxContent, "u8 mem_type, u8[3] 0, u32 label, ACL, SGL, attributes"),
            Reply = Payload<MemHandleReply>(4, 4, "u32 parcel"),
            Sender = "owner of the memparcel",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemShared, "MEM_SHARED", MessageGroup.Memory)
        {
            Content = Payload<MemShared>(MemShared.MinSize, RpcLimits.MaxContent, "u32 parcel, u8 mem_type, u8 trans_type, u8 flags, u8 0, u16 owner, u16 0, u32 label, u32 tag, ACL, region sizes (u64), attributes"),
            Recipient = "recipients named in MEM_NOTIFY",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemReleased, "MEM_RELEASED", MessageGroup.Memory)
        {
            Content = Payload<MemReleased>(12, 12, "u32 parcel, u16 vmid, u16 0, u32 tag"),
            Recipient = "owner of the memparcel",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemAccepted, "MEM_ACCEPTED", MessageGroup.Memory)
        {
            Content = Payload<MemAccepted>(12, 12, "u32 parcel, u16 vmid, u16 0, u32 tag"),
            Recipient = "owner of the memparcel",
            Rm = RmSupport.Both,
            Clients = Downstream,
            Source = "RM: memparcel.c",
        },
        new(MessageId.MemRecall, "MEM_RECALL", MessageGroup.Memory)
        {
            Content = Payload<MemRecall>(8, 8, "u32 parcel, u32 tag"),
            Recipient = "recipients named in MEM_NOTIFY",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: memparcel.c",
        },
        new(MessageId.FwMilestone, "FW_MILESTONE", MessageGroup.Firmware)
        {
            Content = Nothing,
            Reply = Nothing,
            Sender = "HLOS",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_firmware.c",
        },
        new(MessageId.FwSetVmFirmware, "FW_SET_VM_FIRMWARE", MessageGroup.Firmware)
        {
            Content = Payload<FwSetVmFirmware>(0, FwSetVmFirmware.MaxSize, "u16 auth, u16 flags, u32 parcel, u64 offset, u64 size; newer: optionally u64 config_offset, u64 config_size"),
            Reply = Nothing,
            Sender = "HLOS, before FW_MILESTONE",
            Rm = RmSupport.Both,
            Clients = None,
            Source = "RM: vm_firmware.c",
        },
    ];
}
