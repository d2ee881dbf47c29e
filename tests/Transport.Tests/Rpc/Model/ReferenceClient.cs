using System.Collections.Immutable;
using System.Globalization;
using RmStack.Protocol;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Model;

internal enum Phase
{
    Queued,
    Sending,
    Waiting,
}

/// <summary>
/// An open call. <paramref name="Answer"/>: came before the request was sent in full. <paramref name="GivenUp"/>: while a packet was on its way.
/// </summary>
internal sealed record OpenCall(int Index, ushort Sequence, MessageId Id, int Length, long? Deadline, Phase Phase, int Sent, RpcCallStatus? Answer, RpcCallStatus? GivenUp)
{
    public int Packets => RpcLimits.PacketsFor(Length);
}

/// <summary>A message of which some packets have come. <paramref name="Owner"/>: the call that the peer means, for the payload.</summary>
internal sealed record Partial(RpcMessageType Type, ushort Sequence, MessageId Id, int Fragments, int Missing, RmError Error, int Owner);

/// <summary>
/// A client's end of a link, told from what it promises and without a thought about speed: lists that are searched from the front, and new
/// ones for every step. Linux v17's rules for what is received.
/// </summary>
internal sealed record ReferenceClient
{
    public const int LastId = 3;
    public const int MaxLength = RpcLimits.MaxLinuxRequestContent;

    public ImmutableList<OpenCall> Calls { get; init; } = [];

    public ImmutableList<(ushort Sequence, MessageId Id)> Reserved { get; init; } = [];

    /// <summary>Requests that went out in full, in order: what an honest peer may still answer.</summary>
    public ImmutableList<OpenCall> Unanswered { get; init; } = [];

    public Partial? Partial { get; init; }

    public int NextSequence { get; init; }

    public int Started { get; init; }

    public bool SendReady { get; init; } = true;

    public bool PacketOut { get; init; }

    public bool Closed { get; init; }

    public long Now { get; init; }

    /// <summary>Whose reply came before its request was sent in full.</summary>
    public ImmutableDictionary<int, int> Early { get; init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>What the last step let be seen.</summary>
    public string Output { get; init; } = "";

    public OpenCall? Transmitting => Calls.Find(call => call.Phase == Phase.Sending);

    public long? NextDeadline => Calls.Min(call => call.Deadline);

    public ReferenceClient Start(MessageId id, int length, long? timeout)
    {
        var next = this with { Output = "" };
        if (Closed)
            return next.Say("Closed");
        if (id.Value == 0)
            return next.Say("InvalidArgument");
        if (length > MaxLength)
            return next.Say("TooBig");
        for (var step = 0; step <= LastId; step++)
        {
            var sequence = (ushort)((NextSequence + step) % (LastId + 1));
            if (Calls.Exists(call => call.Sequence == sequence) || Reserved.Exists(entry => entry.Sequence == sequence))
                continue;
            var call = new OpenCall(Started, sequence, id, length, timeout is { } time ? Now + time : null, Phase.Queued, 0, null, null);
            return (next with { Calls = Calls.Add(call), Started = Started + 1, NextSequence = (sequence + 1) % (LastId + 1) }).Say($"Pending {sequence}");
        }

        return next.Say("NoSequenceId");
    }

    public ReferenceClient Begin()
    {
        var next = this with { Output = "" };
        if (Closed || !SendReady)
            return next.Say("nothing");
        var call = Transmitting ?? Calls.Find(open => open.Phase == Phase.Queued);
        if (call is null)
            return next.Say("nothing");
        next = next.Replace(call with { Phase = Phase.Sending });
        var content = Math.Min(RpcLimits.ContentPerPacket, call.Length - (call.Sent * RpcLimits.ContentPerPacket));
        var last = call.Sent == call.Packets - 1;
        return (next with { PacketOut = true, SendReady = false })
            .Say($"{(call.Sent == 0 ? RpcMessageType.Request : RpcMessageType.Continuation)} {call.Packets - 1} {call.Sequence} {call.Id.Value:x} {content} {(last ? "push" : "")}");
    }

    public ReferenceClient Taken(bool notFull)
    {
        var next = this with { Output = "", PacketOut = false, SendReady = SendReady || notFull };
        if (Transmitting is not { } call)
            return next;
        call = call with { Sent = call.Sent + 1 };
        next = next.Replace(call);
        var complete = call.Sent == call.Packets;
        if (complete)
            next = next with { Unanswered = next.Unanswered.Add(call) };
        if (complete && call.Answer is { } answer)
            return next.End(call, answer, reserve: false);
        if (call.GivenUp is { } why)
            return next.End(call, call.Answer ?? why, reserve: complete);
        return complete ? next.Replace(call with { Phase = Phase.Waiting }) : next;
    }

    public ReferenceClient Full()
    {
        var next = this with { Output = "", PacketOut = false };
        return Transmitting is { GivenUp: { } why } call ? next.End(call, call.Answer ?? why, reserve: false) : next;
    }

    public ReferenceClient Refused()
    {
        var next = this with { Output = "", PacketOut = false, SendReady = true };
        return Transmitting is { } call ? next.End(call, RpcCallStatus.SendFailed, reserve: false) : next;
    }

    public ReferenceClient NotFull() => this with { Output = "", SendReady = true };

    public ReferenceClient Cancel(int index) => Calls.Find(call => call.Index == index) is { } open
        ? (this with { Output = "" }).GiveUp(open, RpcCallStatus.Cancelled)
        : this with { Output = "" };

    public ReferenceClient Advance(long time)
    {
        var next = this with { Output = "", Now = Now + time };
        foreach (var due in Calls.Where(call => call.Deadline <= next.Now).OrderBy(call => call.Deadline).ThenBy(call => call.Index))
        {
            next = next.Replace(due with { Deadline = null });
            next = next.GiveUp(next.Calls.Find(call => call.Index == due.Index)!, RpcCallStatus.TimedOut);
        }

        return next;
    }

    public ReferenceClient Close()
    {
        var next = this with { Output = "", Closed = true };
        return Calls.Aggregate(next, (state, call) => state.End(call, RpcCallStatus.Closed, reserve: false, evenIfReplyComes: true));
    }

    /// <summary>The first packet of a reply or notification.</summary>
    public ReferenceClient First(Partial message)
    {
        var next = this with { Output = "" };
        if (message.Type == RpcMessageType.Reply && !Known(message.Sequence, message.Id))
            return next;
        var before = next.Partial;
        next = next with { Partial = message.Missing > 0 ? message : null };
        if (before is not null)
            next = next.Gone(before);
        return message.Missing > 0 ? next : next.Complete(message);
    }

    /// <summary>A continuation; it belongs to the message under way unless <paramref name="foreign"/>.</summary>
    public ReferenceClient More(bool foreign)
    {
        var next = this with { Output = "" };
        if (Partial is not { } partial)
            return next;
        if (foreign)
            return (next with { Partial = null }).Gone(partial);
        partial = partial with { Missing = partial.Missing - 1 };
        return partial.Missing > 0 ? next with { Partial = partial } : (next with { Partial = null }).Complete(partial);
    }

    /// <summary>Garbage that v17 drops, whatever is under way.</summary>
    public ReferenceClient Dropped() => this with { Output = "" };

    public override string ToString() => $"{Calls.Count} open, {Reserved.Count} reserved: {Output.Replace("\n", "; ", StringComparison.Ordinal)}";

    private bool Known(ushort sequence, MessageId id) =>
        Calls.Exists(call => call.Sequence == sequence && call.Id == id) || Reserved.Contains((sequence, id));

    private ReferenceClient Complete(Partial message) => message.Type == RpcMessageType.Notification
        ? Say($"notification {message.Id.Value:x}")
        : Answer(message, message.Error == RmError.Ok ? RpcCallStatus.Ok : RpcCallStatus.RmError);

    private ReferenceClient Gone(Partial message) => message.Type == RpcMessageType.Reply ? Answer(message, RpcCallStatus.Aborted) : this;

    private ReferenceClient Answer(Partial reply, RpcCallStatus status)
    {
        if (Calls.Find(call => call.Sequence == reply.Sequence && call.Id == reply.Id) is not { } open)
            return Reserved.Contains((reply.Sequence, reply.Id)) && !ReplyUnderWay(reply.Sequence, reply.Id) ? this with { Reserved = Reserved.Remove((reply.Sequence, reply.Id)) } : this;
        if (open.Phase == Phase.Waiting)
            return End(open, status, reserve: false, owner: reply.Owner);
        // Not sent in full: the sender goes on, and finds the answer there. The first answer counts.
        return open.Answer is null
            ? Replace(open with { Answer = status }) with { Early = Early.SetItem(open.Index, reply.Owner) }
            : this;
    }

    private ReferenceClient GiveUp(OpenCall call, RpcCallStatus status)
    {
        if (call.Phase != Phase.Sending || !PacketOut)
            return End(call, call.Answer ?? status, reserve: call.Phase == Phase.Waiting);
        return call.GivenUp is null ? Replace(call with { GivenUp = status }) : this;
    }

    private bool ReplyUnderWay(ushort sequence, MessageId id) =>
        Partial is { Type: RpcMessageType.Reply } partial && partial.Sequence == sequence && partial.Id == id;

    private ReferenceClient End(OpenCall call, RpcCallStatus status, bool reserve, int? owner = null, bool evenIfReplyComes = false)
    {
        reserve |= !evenIfReplyComes && ReplyUnderWay(call.Sequence, call.Id);
        owner ??= Early.TryGetValue(call.Index, out var early) ? early : null;
        return (this with
        {
            Calls = Calls.RemoveAll(open => open.Index == call.Index),
            Reserved = reserve ? Reserved.Add((call.Sequence, call.Id)) : Reserved,
        }).Say(status == RpcCallStatus.Ok ? $"#{call.Index} Ok {owner}" : $"#{call.Index} {status}");
    }

    private ReferenceClient Replace(OpenCall call) => this with { Calls = Calls.SetItem(Calls.FindIndex(open => open.Index == call.Index), call) };

    private ReferenceClient Say(FormattableString line) => this with { Output = Output + line.ToString(CultureInfo.InvariantCulture) + "\n" };

    private ReferenceClient Say(string line) => this with { Output = Output + line + "\n" };
}
