namespace RmStack.Protocol;

/// <summary>Whether a field has to be given when a message is made from text. The default value is <see cref="Required"/>.</summary>
public readonly record struct FieldRule
{
    private FieldRule(bool isOptional, bool isRefused, string when)
    {
        IsOptional = isOptional;
        IsRefused = isRefused;
        When = when;
    }

    /// <summary>It has to be given.</summary>
    public static FieldRule Required => default;

    /// <summary>It may be left out: zero, or empty.</summary>
    public static FieldRule Optional { get; } = new(true, false, string.Empty);

    /// <summary>It may be left out.</summary>
    public bool IsOptional { get; }

    /// <summary>It may not be given, because of what other fields say.</summary>
    public bool IsRefused { get; }

    /// <summary>What other fields have to say for it to be there, e.g. <c>kind=fixed</c>; empty when it always is.</summary>
    public string When { get => field ?? string.Empty; }

    /// <summary>It has to be given when <paramref name="holds"/>, and may not be otherwise.</summary>
    public static FieldRule Only(bool holds, string when) => new(!holds, !holds, when);

    /// <summary>It may be given when <paramref name="holds"/>, and may not be otherwise.</summary>
    public static FieldRule OptionalIf(bool holds, string when) => new(true, !holds, when);
}
