namespace RmStack.Protocol;

/// <summary>Has no values and keeps what it is asked for. It answers with examples, so that fields which depend on others are asked for as well.</summary>
internal sealed class FieldSchema : FieldReader
{
    private readonly List<FieldInfo> _fields = [];

    /// <summary>Every field that <paramref name="read"/> asks for.</summary>
    public static IReadOnlyList<FieldInfo> Of<T>(Func<FieldReader, T> read)
    {
        var schema = new FieldSchema();
        read(schema);
        return schema._fields;
    }

    /// <summary>The required fields with their examples.</summary>
    public static string Example(IEnumerable<FieldInfo> fields) =>
        string.Join(' ', fields.Where(field => field.IsRequired).Select(field => field.Assignment));

    private protected override bool HasPart(FieldInfo part)
    {
        _fields.Add(part with { Example = FieldExamples.Of(part) });
        return false;
    }

    private protected override bool TryTake(FieldInfo field, FieldRule rule, out string text)
    {
        field = field with
        {
            IsRequired = rule is { IsOptional: false, IsRefused: false },
            When = rule.When,
            Example = FieldExamples.Of(field),
        };
        // What stands for two others comes in front of them.
        _fields.Insert(_fields.Count - field.Parts.Count, field);
        text = field.Example;
        return field.IsRequired;
    }

    private protected override void Fail(EncodeErrorKind kind, FieldInfo field, string reason, string? expected = null) =>
        throw new InvalidOperationException($"The example of {field.Name} is wrong: {reason}");
}
