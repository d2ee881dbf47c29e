namespace RmStack.Protocol;

/// <summary>What a number counts.</summary>
public enum FieldUnit : byte
{
    /// <summary>A plain number, id, handle or address.</summary>
    None,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Nanoseconds since the epoch.</summary>
    Nanoseconds,

    /// <summary>Ticks of the architectural counter.</summary>
    Ticks,
}
