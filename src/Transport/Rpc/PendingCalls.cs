using System.Diagnostics;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Open calls by sequence id, in order of their start, and by deadline. A call that is given up while its reply may still come leaves its
/// id reserved: the id is free again only when that late reply has been seen, so that it can never be taken for another call's.
/// Sequence id and message id must both match, as in Linux.
/// </summary>
/// <remarks>
/// Memory is bounded by the id space: at most 65536 entries. An id whose reply never comes stays reserved as long as the link lives, because
/// nothing on the wire tells that a reply was lost.
/// </remarks>
public sealed class PendingCalls
{
    private readonly SequenceIdAllocator _ids;
    private readonly Dictionary<ushort, Entry> _entries = [];
    private RpcCall? _firstOpen;
    private RpcCall? _lastOpen;
    private RpcCall? _firstDeadline;
    private RpcCall? _lastDeadline;

    /// <summary>No calls; ids from 0 to <paramref name="lastId"/>.</summary>
    public PendingCalls(int lastId = SequenceIdAllocator.XArrayLast) => _ids = new SequenceIdAllocator(lastId);

    /// <summary>Calls that have not ended.</summary>
    public int Open { get; private set; }

    /// <summary>Ids of calls that were given up and whose late reply has not been seen.</summary>
    public int Reserved => _ids.InUse - Open;

    /// <summary>The earliest deadline, or null.</summary>
    public long? NextDeadline => _firstDeadline?.Deadline;

    /// <summary>The oldest open call, or null.</summary>
    internal RpcCall? Oldest => _firstOpen;

    /// <summary>Gives the call the next free id. False when there is none.</summary>
    public bool TryAdd(RpcCall call)
    {
        if (!_ids.TryAllocate(out var id))
            return false;
        call.SequenceId = id;
        _entries.Add(id, new Entry(call, call.Id));
        Open++;
        call.NextOpen = null;
        call.PreviousOpen = _lastOpen;
        if (_lastOpen is null)
            _firstOpen = call;
        else
            _lastOpen.NextOpen = call;
        _lastOpen = call;
        LinkDeadline(call);
        return true;
    }

    /// <summary>
    /// Whether a reply belongs to one of our ids. <paramref name="call"/> is null when the call was given up: the reply is then late, to be
    /// swallowed and reported with <see cref="LateReplySeen"/>.
    /// </summary>
    public bool TryMatch(ushort sequenceId, MessageId id, out RpcCall? call)
    {
        if (_entries.TryGetValue(sequenceId, out var entry) && entry.Id == id)
        {
            call = entry.Call;
            return true;
        }

        call = null;
        return false;
    }

    /// <summary>The call ended and no reply to it can come any more: its id is free.</summary>
    public void Remove(RpcCall call)
    {
        Unlink(call);
        Free(call.SequenceId);
    }

    /// <summary>The call ended and its reply may still come: its id stays reserved.</summary>
    public void Abandon(RpcCall call)
    {
        Unlink(call);
        _entries[call.SequenceId] = new Entry(null, call.Id);
    }

    /// <summary>The reply to an abandoned call came, whole or in part: its id is free.</summary>
    public void LateReplySeen(ushort sequenceId)
    {
        Debug.Assert(_entries.TryGetValue(sequenceId, out var entry) && entry.Call is null, "the call was not given up");
        Free(sequenceId);
    }

    /// <summary>The call whose deadline is at or before <paramref name="now"/> and the earliest, or null.</summary>
    internal RpcCall? Expired(long now) => _firstDeadline is { } call && call.Deadline <= now ? call : null;

    /// <summary>The call has no deadline any more.</summary>
    internal void ClearDeadline(RpcCall call)
    {
        UnlinkDeadline(call);
        call.Deadline = null;
    }

    private void Free(ushort sequenceId)
    {
        _entries.Remove(sequenceId);
        _ids.Free(sequenceId);
    }

    private void Unlink(RpcCall call)
    {
        Debug.Assert(_entries.TryGetValue(call.SequenceId, out var entry) && ReferenceEquals(entry.Call, call), "the call is not open");
        Open--;
        if (call.PreviousOpen is null)
            _firstOpen = call.NextOpen;
        else
            call.PreviousOpen.NextOpen = call.NextOpen;
        if (call.NextOpen is null)
            _lastOpen = call.PreviousOpen;
        else
            call.NextOpen.PreviousOpen = call.PreviousOpen;
        (call.NextOpen, call.PreviousOpen) = (null, null);
        UnlinkDeadline(call);
    }

    private void LinkDeadline(RpcCall call)
    {
        (call.NextDeadline, call.PreviousDeadline) = (null, null);
        if (call.Deadline is not { } deadline)
            return;
        // From the back: with one default timeout every new deadline is the latest.
        var before = _lastDeadline;
        while (before is not null && before.Deadline > deadline)
            before = before.PreviousDeadline;
        var after = before is null ? _firstDeadline : before.NextDeadline;
        (call.PreviousDeadline, call.NextDeadline) = (before, after);
        if (before is null)
            _firstDeadline = call;
        else
            before.NextDeadline = call;
        if (after is null)
            _lastDeadline = call;
        else
            after.PreviousDeadline = call;
    }

    private void UnlinkDeadline(RpcCall call)
    {
        if (call.Deadline is null)
            return;
        if (call.PreviousDeadline is null)
            _firstDeadline = call.NextDeadline;
        else
            call.PreviousDeadline.NextDeadline = call.NextDeadline;
        if (call.NextDeadline is null)
            _lastDeadline = call.PreviousDeadline;
        else
            call.NextDeadline.PreviousDeadline = call.PreviousDeadline;
        (call.NextDeadline, call.PreviousDeadline) = (null, null);
    }

    private readonly record struct Entry(RpcCall? Call, MessageId Id);
}
