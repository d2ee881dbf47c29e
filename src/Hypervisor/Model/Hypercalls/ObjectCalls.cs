using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Identification, creation and activation of objects (Gunyah API: hypervisor_identify, partition_create_*, object_activate*).</summary>
internal static class ObjectCalls
{
    private const string CreateInputs = "partition:x cspace:x _:z";
    private const string CreateOutputs = "error cap";

    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.HypervisorIdentify, "hypervisor_identify", "", "api_info flags0 flags1 flags2", Identify),
        new(HypercallNumber.PartitionCreatePartition, "partition_create_partition", CreateInputs, CreateOutputs, NoPartitions),
        Create(HypercallNumber.PartitionCreateCSpace, "cspace", static (h, p) => new CSpace(h, p)),
        Create(HypercallNumber.PartitionCreateAddrSpace, "addrspace", static (h, p) => new AddressSpace(h, p)),
        Create(HypercallNumber.PartitionCreateMemExtent, "memextent", static (h, p) => new MemExtent(h, p)),
        Create(HypercallNumber.PartitionCreateThread, "thread", static (h, p) => new VCpu(h, p)),
        Create(HypercallNumber.PartitionCreateDoorbell, "doorbell", static (h, p) => new Doorbell(h, p)),
        Create(HypercallNumber.PartitionCreateMsgQueue, "msgqueue", static (h, p) => new MsgQueue(h, p)),
        Create(HypercallNumber.PartitionCreateVic, "vic", static (h, p) => new Vic(h, p)),
        Create(HypercallNumber.PartitionCreateVpmGroup, "vpm_group", static (h, p) => new VpmGroup(h, p)),
        new(HypercallNumber.ObjectActivate, "object_activate", "cap:x _:z", "error", Activate),
        new(HypercallNumber.ObjectActivateFrom, "object_activate_from", "cspace:x cap:x _:z", "error", ActivateFrom),
    ];

    private static HypercallEntry Create(int number, string what, Func<GunyahHypervisor, Partition, HypObject> make) =>
        new(number, "partition_create_" + what, CreateInputs, CreateOutputs, (ref HypercallCall call) => CreateObject(ref call, make));

    private static void Identify(ref HypercallCall call)
    {
        call.Result(0, ApiInfo.Word);
        call.Result(1, ApiInfo.Flags0);
    }

    private static void NoPartitions(ref HypercallCall call)
    {
        call.Return(GunyahError.Unimplemented);
        call.Result(1, CapId.Invalid.Value);
    }

    private static void CreateObject(ref HypercallCall call, Func<GunyahHypervisor, Partition, HypObject> make)
    {
        call.Result(1, CapId.Invalid.Value);
        if (!call.Lookup(0, ObjectType.Partition, CapRights.PartitionObjectCreate, out Partition partition)) return;
        if (!call.Lookup(1, ObjectType.CSpace, CapRights.CSpaceCapCreate, out CSpace cspace)) return;

        var error = cspace.Allocate(out var slot);
        if (!call.Check(error)) return;
        var made = make(call.Hypervisor, partition);
        slot.Set(made, made.AllRights, master: true);
        call.Result(1, cspace.IdOf(slot).Value);
    }

    private static void Activate(ref HypercallCall call)
    {
        if (call.Check(call.CSpace.LookupForActivation(call.Cap(0), out var target))) call.Return(target.Activate());
    }

    private static void ActivateFrom(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.CSpace, CapRights.CSpaceCapCreate, out CSpace cspace)) return;
        if (call.Check(cspace.LookupForActivation(call.Cap(1), out var target))) call.Return(target.Activate());
    }
}
