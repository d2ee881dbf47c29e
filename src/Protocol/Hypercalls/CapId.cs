using System.Globalization;

namespace RmStack.Protocol.Hypercalls;

/// <summary>Number of a capability in its VM's CSpace; meaningless in any other. Gunyah API: capabilities.</summary>
/// <param name="Value">The number as it stands in registers and messages.</param>
public readonly record struct CapId(ulong Value)
{
    /// <summary>No capability (CSPACE_CAP_INVALID, all ones).</summary>
    public static readonly CapId Invalid = new(ulong.MaxValue);

    /// <summary>Whether this can name a capability at all.</summary>
    public bool IsValid => Value != ulong.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => IsValid ? "cap:0x" + Value.ToString("x", CultureInfo.InvariantCulture) : "cap:invalid";
}
