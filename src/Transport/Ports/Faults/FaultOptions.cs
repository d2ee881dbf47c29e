namespace RmStack.Transport.Ports.Faults;

/// <summary>How often what happens in one direction, each as a probability from 0 to 1. The default is: never.</summary>
public sealed record FaultProfile
{
    /// <summary>Nothing happens.</summary>
    public static FaultProfile None { get; } = new();

    /// <summary>Of each packet.</summary>
    public double Drop { get; init; }

    /// <summary>Of each packet.</summary>
    public double Delay { get; init; }

    /// <summary>Of each packet.</summary>
    public double Duplicate { get; init; }

    /// <summary>Of each packet.</summary>
    public double Reorder { get; init; }

    /// <summary>Of each packet of two bytes or more; one byte stays at least, because a queue carries no empty packet.</summary>
    public double Truncate { get; init; }

    /// <summary>Of each packet.</summary>
    public double Corrupt { get; init; }

    /// <summary>Of each send or receive.</summary>
    public double Stall { get; init; }

    /// <summary>Of each signal.</summary>
    public double LoseSignal { get; init; }

    /// <summary>Of each send or receive.</summary>
    public double SpuriousSignal { get; init; }

    /// <summary>Most packets that overtake one.</summary>
    public int ReorderWindow { get; init; } = 4;

    /// <summary>Most bits that flip in one packet.</summary>
    public int CorruptBits { get; init; } = 3;

    /// <summary>Bits flip in the 8 bytes of the header only.</summary>
    public bool CorruptsHeaderOnly { get; init; }

    /// <summary>Whether every packet arrives once, unchanged and in order: then only time and signals suffer.</summary>
    public bool KeepsPackets => Drop <= 0 && Duplicate <= 0 && Reorder <= 0 && Truncate <= 0 && Corrupt <= 0;

    internal double Of(FaultKind kind) => kind switch
    {
        FaultKind.Drop => Drop,
        FaultKind.Delay => Delay,
        FaultKind.Duplicate => Duplicate,
        FaultKind.Reorder => Reorder,
        FaultKind.Truncate => Truncate,
        FaultKind.Corrupt => Corrupt,
        FaultKind.Stall => Stall,
        FaultKind.LoseSignal => LoseSignal,
        _ => SpuriousSignal,
    };
}

/// <summary>The faults of a port.</summary>
public sealed record FaultOptions
{
    /// <summary>Everything that happens follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>What happens to what the holder sends.</summary>
    public FaultProfile Send { get; init; } = FaultProfile.None;

    /// <summary>What happens to what the holder receives.</summary>
    public FaultProfile Receive { get; init; } = FaultProfile.None;

    /// <summary>The clock by which packets are held and stalls last; null to count the port's sends and receives instead.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>With a clock: the longest that a packet is held or a stall lasts.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Without a clock: the same in sends and receives of the port.</summary>
    public int HoldOperations { get; init; } = 8;

    /// <summary>Packets that are held in each direction. One more is refused as by a full queue, or stays in the queue behind the port.</summary>
    public int MaxHeld { get; init; } = 64;

    /// <summary>Faults of which a record is kept; all are counted.</summary>
    public int KeptRecords { get; init; } = 1000;

    /// <summary>Where signals go; null for the thread pool.</summary>
    public SynchronizationContext? Context { get; init; }
}
