namespace RmStack.Protocol;

/// <summary>How a field is best shown.</summary>
public enum FieldForm : byte
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A number with a name: enum value, flags, rights.</summary>
    Symbol,

    /// <summary>Foreign text.</summary>
    Text,

    /// <summary>Bytes without a meaning of their own.</summary>
    Bytes,

    /// <summary>Entries with fields.</summary>
    List,
}
