using System.Text;

namespace RmStack.Transport.Ports.Faults;

/// <summary>One fault that was injected.</summary>
/// <param name="Direction">Where.</param>
/// <param name="Kind">What.</param>
/// <param name="Index">Number of the packet in its direction, of the call for stalls and spurious signals, or of the signal; from 0.</param>
/// <param name="Amount">
/// What belongs to it: bytes left of a truncated packet, flipped bits, packets that may overtake, or how long it is held (in the clock's ticks, or calls).
/// </param>
public readonly record struct FaultRecord(FaultDirection Direction, FaultKind Kind, long Index, long Amount)
{
    /// <summary>A few words.</summary>
    public override string ToString() => FormattableString.Invariant($"{Direction} {Index}: {Kind}{(Amount == 0 ? "" : FormattableString.Invariant($" {Amount}"))}");
}

/// <summary>Every fault that was injected is counted; of the first ones there is a record. May be read at any time.</summary>
public sealed class FaultLog
{
    private const int Kinds = (int)FaultKind.SpuriousSignal + 1;

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[2 * Kinds];
    private readonly List<FaultRecord> _records = [];
    private readonly int _kept;

    internal FaultLog(int kept) => _kept = kept;

    /// <summary>All faults.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
                return _counts.Sum();
        }
    }

    /// <summary>The first faults, in the order in which they happened.</summary>
    public IReadOnlyList<FaultRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>Faults of a kind in a direction.</summary>
    public long Count(FaultDirection direction, FaultKind kind)
    {
        lock (_gate)
            return _counts[((int)direction * Kinds) + (int)kind];
    }

    /// <summary>Faults of a kind.</summary>
    public long Count(FaultKind kind) => Count(FaultDirection.Send, kind) + Count(FaultDirection.Receive, kind);

    /// <summary>Whether every packet of a direction has come through once, unchanged and in order so far.</summary>
    public bool KeptPackets(FaultDirection direction) =>
        Count(direction, FaultKind.Drop) + Count(direction, FaultKind.Duplicate) + Count(direction, FaultKind.Reorder) + Count(direction, FaultKind.Truncate) + Count(direction, FaultKind.Corrupt) == 0;

    /// <summary>A line per record, for the message of a test.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        IReadOnlyList<FaultRecord> records = Records;
        foreach (var record in records)
            text.Append(record.ToString()).Append('\n');
        var more = Total - records.Count;
        return more > 0 ? text.Append(FormattableString.Invariant($"and {more} more\n")).ToString() : text.ToString();
    }

    internal void Add(FaultRecord record)
    {
        lock (_gate)
        {
            _counts[((int)record.Direction * Kinds) + (int)record.Kind]++;
            if (_records.Count < _kept)
                _records.Add(record);
        }
    }
}
