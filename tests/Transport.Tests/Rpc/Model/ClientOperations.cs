using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>One step, of the reference and of the real thing; afterwards they look alike from outside.</summary>
internal sealed class ClientStep(string name, Func<ReferenceClient, ReferenceClient> reference, Action<ClientUnderTest, ReferenceClient> real, Func<ReferenceClient, bool>? allowed = null)
    : Operation<ClientUnderTest, ReferenceClient>
{
    private ReferenceClient? _before;

    public override bool Pre(ReferenceClient model) => allowed is null || allowed(model);

    public override ReferenceClient Run(ReferenceClient model)
    {
        _before = model;
        return reference(model);
    }

    public override Property Check(ClientUnderTest actual, ReferenceClient model)
    {
        real(actual, _before!);
        var output = actual.Output();
        return (output == model.Output).Label($"expected {model.Output} but got {output}")
            .And((actual.OpenCalls == model.Calls.Count).Label($"expected {model.Calls.Count} open calls but got {actual.OpenCalls}"))
            .And((actual.ReservedIds == model.Reserved.Count).Label($"expected {model.Reserved.Count} reserved ids but got {actual.ReservedIds}"))
            .And((actual.NextDeadline == model.NextDeadline).Label($"expected deadline {model.NextDeadline} but got {actual.NextDeadline}"))
            .And(Extra(model));
    }

    public override string ToString() => name;

    /// <summary>A reply reaches nobody but the caller that the peer meant; only honest peers name one.</summary>
    private static Property Extra(ReferenceClient model) => model.Output
        .Split('\n')
        .Where(line => line.Contains(" Ok ", StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .All(words => words[2] == ClientOperations.Nobody || words[0] == "#" + words[2])
        .Label("a reply reached another call");
}

/// <summary>The steps that may come next.</summary>
internal static class ClientOperations
{
    public const string Nobody = "-1";
    private static readonly MessageId[] s_ids = [MessageId.VmStart, MessageId.VmStop];

    public static Gen<Operation<ClientUnderTest, ReferenceClient>> Owner(ReferenceClient model)
    {
        var lengths = Gen.Frequency((6, Gen.Choose(0, 20)), (2, Gen.Elements(232, 233, 464, 700)), (1, Gen.Elements(14384, 14385)));
        var timeouts = Gen.OneOf(Gen.Constant<long?>(null), Gen.Choose(0, 5).Select(time => (long?)time));
        var start = from length in lengths
                    from id in Gen.Frequency((10, Gen.Elements(s_ids)), (1, Gen.Constant(default(MessageId))))
                    from timeout in timeouts
                    select Step($"start {id.Value:x} {length} {timeout}", state => state.Start(id, length, timeout), (real, _) => real.Start(id, length, timeout));
        var begin = Gen.Constant(Step("begin", state => state.Begin(), (real, _) => real.Begin(), state => !state.PacketOut));
        var taken = Gen.Elements(true, false).Select(room =>
            Step($"taken, room {room}", state => state.Taken(room), (real, _) => real.Sent(GunyahError.Ok, room), state => state.PacketOut));
        var full = Gen.Constant(Step("full", state => state.Full(), (real, _) => real.Sent(GunyahError.MsgQueueFull, notFull: false), state => state.PacketOut));
        var refused = Gen.Constant(Step("refused", state => state.Refused(), (real, _) => real.Sent(GunyahError.Denied, notFull: false), state => state.PacketOut));
        var notFull = Gen.Constant(Step("not full", state => state.NotFull(), (real, _) => real.NotFull()));
        var cancel = model.Started == 0 ? notFull : Gen.Choose(0, model.Started - 1).Select(index =>
            Step($"cancel #{index}", state => state.Cancel(index), (real, _) => real.Cancel(index), state => index < state.Started));
        var advance = Gen.Choose(0, 3).Select(time => Step($"advance {time}", state => state.Advance(time), (real, _) => real.Advance(time)));
        var close = Gen.Constant(Step("close", state => state.Close(), (real, _) => real.Close()));
        return Gen.Frequency(
            (6, start),
            (model.PacketOut ? 0 : 8, begin),
            (model.PacketOut ? 8 : 0, taken),
            (model.PacketOut ? 2 : 0, full),
            (model.PacketOut ? 1 : 0, refused),
            (model.SendReady ? 1 : 6, notFull),
            (3, cancel),
            (2, advance),
            (model.Started > 6 ? 1 : 0, close));
    }

    /// <summary>A peer that answers what it got, once, in any order, each message in one go.</summary>
    public static Gen<Operation<ClientUnderTest, ReferenceClient>> Honest(ReferenceClient model)
    {
        if (model.Partial is not null)
            return More(foreign: false);
        var notification = Notification();
        if (model.Unanswered.IsEmpty)
            return notification;
        var reply = from call in Gen.Elements(model.Unanswered.AsEnumerable())
                    from more in Gen.Choose(0, 2)
                    from failed in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
                    let message = Reply(call.Sequence, call.Id, more, failed, call.Index)
                    select Step(
                        $"reply to #{call.Index} {more}",
                        state => state.First(message) with { Unanswered = state.Unanswered.RemoveAll(open => open.Index == call.Index) },
                        (real, _) => real.First(message),
                        state => state.Partial is null && state.Unanswered.Exists(open => open.Index == call.Index));
        return Gen.Frequency((5, reply), (1, notification));
    }

    /// <summary>A peer that sends what it likes.</summary>
    public static Gen<Operation<ClientUnderTest, ReferenceClient>> Hostile(ReferenceClient model)
    {
        var known = model.Calls.Select(call => (call.Sequence, call.Id)).Concat(model.Reserved).Append(((ushort)9, MessageId.VmStart));
        var reply = from target in Gen.Elements(known)
                    from id in Gen.Frequency((8, Gen.Constant(target.Item2)), (1, Gen.Elements(s_ids)))
                    from more in Gen.Choose(0, 2)
                    from failed in Gen.Elements(true, false)
                    let message = Reply(target.Item1, id, more, failed, -1)
                    select Step($"reply {target.Item1} {id.Value:x} {more}", state => state.First(message), (real, _) => real.First(message));
        var garbage = Gen.Elements<byte[]>([0x21], [0x31, 1, 0, 0, 1, 0, 0, 0x51], [0x21, 1, 0, 0, 1, 0, 0, 0x51]).Select(packet =>
            Step("garbage", state => state.Dropped(), (real, _) => real.Receive(packet)));
        return Gen.Frequency((6, reply), (2, Notification()), (4, More(foreign: false)), (1, More(foreign: true)), (1, garbage));
    }

    private static Gen<Operation<ClientUnderTest, ReferenceClient>> More(bool foreign) => Gen.Constant(
        Step(foreign ? "foreign continuation" : "continuation", state => state.More(foreign), (real, before) => real.More(before.Partial, foreign)));

    private static Gen<Operation<ClientUnderTest, ReferenceClient>> Notification() => Gen.Choose(0, 2).Select(more =>
    {
        var message = new Partial(RpcMessageType.Notification, 7, MessageId.VmStatus, more, more, RmError.Ok, 0);
        return Step($"notification {more}", state => state.First(message), (real, _) => real.First(message));
    });

    private static Partial Reply(ushort sequence, MessageId id, int more, bool failed, int owner) =>
        new(RpcMessageType.Reply, sequence, id, more, more, failed ? RmError.Denied : RmError.Ok, owner);

    private static Operation<ClientUnderTest, ReferenceClient> Step(
        string name,
        Func<ReferenceClient, ReferenceClient> reference,
        Action<ClientUnderTest, ReferenceClient> real,
        Func<ReferenceClient, bool>? allowed = null) => new ClientStep(name, reference, real, allowed);
}
