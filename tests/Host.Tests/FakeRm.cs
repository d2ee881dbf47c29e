using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Host.Tests;

/// <summary>
/// A Resource Manager that does what it is told: answers the calls of a launch with the right messages in the right order,
/// and refuses the one that the test names.
/// </summary>
internal sealed class FakeRm
{
    public const ushort GuestVmid = 0x80;
    private const ushort Hlos = RpcPair.Vmid;

    public FakeRm()
    {
        Pair = new RpcPair(new DelegateHandler(Handle), new RpcClientOptions { Rules = ReassemblyRules.LinuxV12 });
        Pair.Context.Run(() => Driver = new ResourceManagerDriver(new Transport.Ports.ObservedPort(Pair.ClientPort, Trace), new RpcClientOptions { Rules = ReassemblyRules.LinuxV12 }));
    }

    public RpcPair Pair { get; }

    public PacketTrace Trace { get; } = new();

    public ResourceManagerDriver Driver { get; private set; } = null!;

    /// <summary>The calls it got, in order.</summary>
    public List<MessageId> Calls { get; } = [];

    /// <summary>Their payloads.</summary>
    public List<byte[]> Payloads { get; } = [];

    /// <summary>Calls that it refuses, and how.</summary>
    public Dictionary<MessageId, RmError> Refusals { get; } = [];

    /// <summary>Calls that it answers well, but with this payload.</summary>
    public Dictionary<MessageId, byte[]> OddReplies { get; } = [];

    /// <summary>Runs when a call came, before it is answered.</summary>
    public Dictionary<MessageId, Action> Before { get; } = [];

    /// <summary>What VM_GET_HYP_RESOURCES answers.</summary>
    public List<HypResource> Resources { get; } = [new HypResource(ResourceType.VirtualCpu, 0, 0, new CapId(0x21), 962)];

    /// <summary>False: VM_STATUS(RESET) never comes.</summary>
    public bool ReportsReset { get; set; } = true;

    public void Run(Func<Task> test) => Pair.Run(test);

    /// <summary>Starts something and lets everything run that can: false when it still waits then.</summary>
    public bool Completes(Func<Task> test)
    {
        Task? task = null;
        Pair.Context.Run(() => { task = test(); });
        return task!.IsCompleted;
    }

    public void Status(VmState state)
    {
        Span<byte> payload = stackalloc byte[16];
        Pair.Server.Notify(Hlos, MessageId.VmStatus, payload[..VmStatus.Write(payload, GuestVmid, state, OsState.None, 0)]);
    }

    public void Exited(ExitType type, ushort vmid = GuestVmid)
    {
        Span<byte> payload = stackalloc byte[32];
        Pair.Server.Notify(Hlos, MessageId.VmExited, payload[..VmExited.Write(payload, vmid, type, VmExitFlags.None, VmExitCode.Normal)]);
    }

    private void Handle(in RpcRequest request, RpcResponder responder)
    {
        Calls.Add(request.Id);
        Payloads.Add(request.Payload.ToArray());
        if (Before.TryGetValue(request.Id, out var before)) before();
        if (Refusals.TryGetValue(request.Id, out var error))
        {
            if (request.Id == MessageId.VmConfigImage || request.Id == MessageId.VmInit || request.Id == MessageId.VmStart) Status(VmState.InitFailed);
            responder.Reply(error);
            return;
        }

        if (OddReplies.TryGetValue(request.Id, out var odd))
        {
            responder.Reply(RmError.Ok, odd);
            return;
        }

        Answer(request.Id, responder);
    }

    private void Answer(MessageId id, RpcResponder responder)
    {
        Span<byte> word = stackalloc byte[4];
        switch (id)
        {
            case var _ when id == MessageId.VmAllocate:
                BinaryPrimitives.WriteUInt32LittleEndian(word, GuestVmid);
                responder.Reply(RmError.Ok, word);
                break;
            case var _ when id == MessageId.MemLend || id == MessageId.MemShare:
                word.Clear();
                responder.Reply(RmError.Ok, word);
                break;
            case var _ when id == MessageId.VmGetVmid:
                BinaryPrimitives.WriteUInt32LittleEndian(word, Hlos);
                responder.Reply(RmError.Ok, word);
                break;
            case var _ when id == MessageId.VmConfigImage:
                Status(VmState.Init);
                responder.Reply(RmError.Ok);
                break;
            case var _ when id == MessageId.VmInit:
                Status(VmState.Ready);
                responder.Reply(RmError.Ok);
                break;
            case var _ when id == MessageId.VmStart:
                Status(VmState.Running);
                responder.Reply(RmError.Ok);
                break;
            case var _ when id == MessageId.VmStop:
                Status(VmState.Exited);
                Exited(ExitType.ForcedStop);
                responder.Reply(RmError.Ok);
                break;
            case var _ when id == MessageId.VmReset:
                Status(VmState.Resetting);
                responder.Reply(RmError.Ok);
                if (ReportsReset) Status(VmState.Reset);
                break;
            case var _ when id == MessageId.VmGetHypResources:
                var reply = new byte[VmGetHypResourcesReply.SizeOf(Resources.Count)];
                VmGetHypResourcesReply.Write(reply, Resources.ToArray());
                responder.Reply(RmError.Ok, reply);
                break;
            default:
                responder.Reply(RmError.Ok);
                break;
        }
    }
}
