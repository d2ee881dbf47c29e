using System.Diagnostics;
using System.Numerics;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Open calls by sequence id and by deadline. A call that is given up while its reply may still come leaves its
/// id reserved: the id is free again only when that late reply has been seen, so that it can never be taken for another call's.
/// Sequence id and message id must both match, as in Linux. HOT.
/// </summary>
/// <remarks>
/// Memory is bounded by the id space: at most 65536 entries. An id whose reply never comes stays reserved as long as the link lives, because
/// nothing on the wire tells that a reply was lost.
/// </remarks>
public sealed class PendingCalls
{
    private const int FirstSize = 16;
    private readonly SequenceIdAllocator _ids;

    // Ids go up one by one, so their low bits tell those in use apart nearly always; where they do not, the table doubles.
    private Entry[] _entries = new Entry[FirstSize];
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

    /// <summary>The open calls in order of their start.</summary>
    internal IReadOnlyList<RpcCall> InOrder()
    {
        var open = new List<RpcCall>(Open);
        foreach (var entry in _entries)
        {
            if (entry.Call is { } call)
                open.Add(call);
        }

        open.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        return open;
    }

    /// <summary>Gives the call the next free id. False when there is none.</summary>
    public bool TryAdd(RpcCall call)
    {
        if (!_ids.TryAllocate(out var id))
            return false;
        call.SequenceId = id;
        while (At(id).IsUsed)
            Grow();
        At(id) = new Entry(call, call.Id, id);
        Open++;
        if (call.Deadline is not null)
            LinkDeadline(call);
        return true;
    }

    /// <summary>
    /// Whether a reply belongs to one of our ids. <paramref name="call"/> is null when the call was given up: the reply is then late, to be
    /// swallowed and reported with <see cref="LateReplySeen"/>.
    /// </summary>
    public bool TryMatch(ushort sequenceId, MessageId id, out RpcCall? call)
    {
        ref var entry = ref At(sequenceId);
        call = entry.Call;
        if (entry.IsUsed && entry.SequenceId == sequenceId && entry.Id == id)
            return true;
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
        At(call.SequenceId) = new Entry(null, call.Id, call.SequenceId);
    }

    /// <summary>The reply to an abandoned call came, whole or in part: its id is free.</summary>
    public void LateReplySeen(ushort sequenceId)
    {
        Debug.Assert(At(sequenceId) is { IsUsed: true, Call: null } entry && entry.SequenceId == sequenceId, "the call was not given up");
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

    private ref Entry At(ushort sequenceId) => ref _entries[sequenceId & (_entries.Length - 1)];

    private void Grow()
    {
        Debug.Assert(BitOperations.IsPow2(_entries.Length) && _entries.Length <= SequenceIdAllocator.XArrayLast, "two ids in use are equal");
        var before = _entries;
        _entries = new Entry[before.Length * 2];
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (entry.IsUsed)
                At(entry.SequenceId) = entry;
        }
    }

    private void Free(ushort sequenceId)
    {
        At(sequenceId) = default;
        _ids.Free(sequenceId);
    }

    private void Unlink(RpcCall call)
    {
        Debug.Assert(ReferenceEquals(At(call.SequenceId).Call, call), "the call is not open");
        Open--;
        if (call.Deadline is not null)
            UnlinkDeadline(call);
    }

    private void LinkDeadline(RpcCall call)
    {
        (call.NextDeadline, call.PreviousDeadline) = (null, null);
        // From the back: with one default timeout every new deadline is the latest.
        var before = _lastDeadline;
        while (before is not null && before.Deadline > call.Deadline)
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

    private readonly record struct Entry(RpcCall? Call, MessageId Id, ushort SequenceId)
    {
        /// <summary>A request with message id 0 is never sent, so that no entry in use looks like an empty one.</summary>
        public bool IsUsed => Id.Value != 0;
    }
}
