namespace RmStack.Protocol;

/// <summary>What is wrong with the text of a field.</summary>
public enum EncodeErrorKind : byte
{
    /// <summary>No <c>name=value</c>, or a quote or bracket that is not closed.</summary>
    Syntax,

    /// <summary>The message has no field of that name.</summary>
    Unknown,

    /// <summary>Given more than once, or said by another field already.</summary>
    Repeated,

    /// <summary>Not given.</summary>
    Missing,

    /// <summary>Given, although other fields say that it is not there.</summary>
    NotHere,

    /// <summary>Not a value of that field.</summary>
    BadValue,

    /// <summary>A number that is too large, or text, bytes or a list too long.</summary>
    DoesNotFit,

    /// <summary>All fields are right, but a message cannot carry so many bytes.</summary>
    TooLong,
}

/// <summary>Why a message could not be made from text.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">Name of the message, e.g. MEM_LEND; empty before it is known.</param>
/// <param name="Field">Name of the field; empty when it is none of one field.</param>
/// <param name="Reason">What is wrong, e.g. <c>acl entry 2: rights "Q" is no name or number</c>.</param>
/// <param name="Expected">What is taken instead, with an example.</param>
public sealed record EncodeError(EncodeErrorKind Kind, string Message, string Field, string Reason, string Expected)
{
    /// <summary>One line that says where, what, and what to do.</summary>
    public override string ToString() => (Message.Length > 0 ? Message + ": " : string.Empty) + Reason + "; " + Expected;
}
