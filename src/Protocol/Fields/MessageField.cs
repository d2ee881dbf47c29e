namespace RmStack.Protocol;

/// <summary>One field of a message, kept for printing.</summary>
/// <param name="Name">Its name, e.g. <c>image_offset</c>.</param>
/// <param name="Form">How it is best shown.</param>
public sealed record MessageField(string Name, FieldForm Form)
{
    /// <summary>Its number, for numbers and symbols.</summary>
    public ulong Value { get; init; }

    /// <summary>What the number counts.</summary>
    public FieldUnit Unit { get; init; }

    /// <summary>The number's name, for symbols.</summary>
    public string Spelling { get; init; } = string.Empty;

    /// <summary>Its bytes, for text and bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Fields of each entry, for lists.</summary>
    public IReadOnlyList<IReadOnlyList<MessageField>> Entries { get; init; } = [];

    /// <summary>Whether it is a part of an earlier field, told again for people.</summary>
    public bool IsDerived { get; init; }
}
