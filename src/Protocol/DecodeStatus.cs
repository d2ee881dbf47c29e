namespace RmStack.Protocol;

/// <summary>Why bytes were refused. Bad bytes are a status, never an exception.</summary>
public enum DecodeStatus : byte
{
    /// <summary>Every length was proved; accessors cannot fail.</summary>
    Ok,

    /// <summary>Fewer bytes than the fixed part.</summary>
    TooShort,

    /// <summary>More bytes than a packet or message may have.</summary>
    TooLong,

    /// <summary>API version other than 1.</summary>
    BadVersion,

    /// <summary>Header size other than 2 words.</summary>
    BadHeaderWords,

    /// <summary>More than 62 fragments.</summary>
    BadFragmentCount,

    /// <summary>A fixed-size payload of another size.</summary>
    BadLength,

    /// <summary>A list with more entries than its limit.</summary>
    ListTooLong,

    /// <summary>A list whose count word or entries do not fit.</summary>
    ListOverrun,

    /// <summary>Bytes left over after the last part.</summary>
    TrailingBytes,

    /// <summary>String padding that is not zero.</summary>
    BadPadding,

    /// <summary>A reserved field that must be zero is not.</summary>
    ReservedNotZero,

    /// <summary>A name or URI above 79 characters.</summary>
    NameTooLong,

    /// <summary>No payload where the message needs a name or GUID.</summary>
    Empty,

    /// <summary>A field holds a value that the layout cannot be read without.</summary>
    BadValue,

    /// <summary>A writer's buffer was too small.</summary>
    NoRoom,
}

/// <summary>Texts of <see cref="DecodeStatus"/>.</summary>
public static class DecodeStatusText
{
    /// <summary>The reason in a few words, for people.</summary>
    public static string Describe(this DecodeStatus status) => status switch
    {
        DecodeStatus.Ok => "ok",
        DecodeStatus.TooShort => "shorter than its fixed part",
        DecodeStatus.TooLong => "longer than allowed",
        DecodeStatus.BadVersion => "API version is not 1",
        DecodeStatus.BadHeaderWords => "header size is not 2 words",
        DecodeStatus.BadFragmentCount => "more than 62 fragments",
        DecodeStatus.BadLength => "payload length differs from the fixed layout",
        DecodeStatus.ListTooLong => "list has more entries than allowed",
        DecodeStatus.ListOverrun => "list runs past the end",
        DecodeStatus.TrailingBytes => "bytes left over after the last field",
        DecodeStatus.BadPadding => "padding is not zero",
        DecodeStatus.ReservedNotZero => "reserved field is not zero",
        DecodeStatus.NameTooLong => "name longer than 79 characters",
        DecodeStatus.Empty => "empty payload",
        DecodeStatus.BadValue => "field value out of range",
        DecodeStatus.NoRoom => "buffer too small",
        _ => "status " + ((byte)status).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
