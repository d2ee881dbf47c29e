using System.Globalization;

namespace RmStack.Protocol;

/// <summary>What may be given for one field of a message: for help, completion and error messages.</summary>
/// <param name="Name">Its name, as <see cref="FieldRecorder"/> and <see cref="MessageText"/> tell it.</param>
/// <param name="Form">How it is written.</param>
public sealed record FieldInfo(string Name, FieldForm Form)
{
    /// <summary>Whether it has to be given, for the message of the example; <see cref="When"/> tells of others.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What other fields have to say for it to be there, e.g. <c>kind=fixed</c>; empty when it always is.</summary>
    public string When { get; init; } = string.Empty;

    /// <summary>Largest number that fits.</summary>
    public ulong Max { get; init; } = ulong.MaxValue;

    /// <summary>What the number counts.</summary>
    public FieldUnit Unit { get; init; }

    /// <summary>Names of numbers, for symbols. Any number that fits is taken as well, unless <see cref="OnlyNames"/>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether several names may be joined by |.</summary>
    public bool IsFlags { get; init; }

    /// <summary>Whether only numbers with a name are taken, because the layout depends on them.</summary>
    public bool OnlyNames { get; init; }

    /// <summary>The two fields that this one is short for, start and size: <c>dtb=0x8000+0x8000</c>.</summary>
    public IReadOnlyList<FieldInfo> Parts { get; init; } = [];

    /// <summary>Whether it is one of the <see cref="Parts"/> of another.</summary>
    public bool IsPart { get; init; }

    /// <summary>Fewest bytes, for bytes.</summary>
    public int MinLength { get; init; }

    /// <summary>Most bytes, for text and bytes; most entries, for lists. What a message can carry, not what the RM takes.</summary>
    public int MaxLength { get; init; } = RpcLimits.MaxContent;

    /// <summary>Short form of an entry: names of its fields with what goes between them, e.g. <c>vmid:rights</c>; empty when there is none.</summary>
    public string EntryForm { get; init; } = string.Empty;

    /// <summary>Fields of an entry, for lists. An entry may be written as <c>{vmid=0x80 rights=RWX}</c>, too.</summary>
    public IReadOnlyList<FieldInfo> EntryFields { get; init; } = [];

    /// <summary>A value that is taken.</summary>
    public string Example { get; init; } = string.Empty;

    /// <summary>Name and example, as they are given: <c>vmid=0x80</c>.</summary>
    public string Assignment => Name + "=" + Example;

    /// <summary>What is taken, in words.</summary>
    public string Allowed => Form switch
    {
        FieldForm.Symbol => Symbols(),
        FieldForm.Text => string.Create(CultureInfo.InvariantCulture, $"text of at most {MaxLength} bytes"),
        FieldForm.Bytes when MinLength == MaxLength => string.Create(CultureInfo.InvariantCulture, $"{MaxLength} bytes in hex"),
        FieldForm.Bytes => string.Create(CultureInfo.InvariantCulture, $"at most {MaxLength} bytes in hex"),
        FieldForm.List => string.Create(CultureInfo.InvariantCulture, $"[entries], at most {MaxLength}, each {Entry()}"),
        _ when Parts.Count > 0 => $"start+size, two numbers up to {MessageText.Numeral(Max)} (or {Parts[0].Name}= and {Parts[1].Name}=)",
        _ => "a number up to " + MessageText.Numeral(Max),
    };

    private string Symbols()
    {
        var number = OnlyNames ? string.Empty : ", or a number up to " + MessageText.Numeral(Max);
        return (IsFlags ? "some of " : "one of ") + string.Join(", ", Names) + (IsFlags ? " joined by |" : string.Empty) + number;
    }

    private string Entry() => EntryForm.Length > 0 ? EntryForm : "{" + string.Join(' ', EntryFields.Where(field => field.IsRequired).Select(field => field.Name + "=...")) + "}";
}
