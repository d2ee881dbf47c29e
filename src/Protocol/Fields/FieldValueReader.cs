using System.Diagnostics.CodeAnalysis;

namespace RmStack.Protocol;

/// <summary>Answers with values, and keeps what is wrong with them first.</summary>
internal sealed class FieldValueReader : FieldReader
{
    private readonly FieldValues _values;
    private readonly IReadOnlyList<FieldInfo> _schema;

    /// <summary>Checks the names before anything is asked: a name with a slip in it is better told than the field that it leaves missing.</summary>
    public FieldValueReader(FieldValues values, IReadOnlyList<FieldInfo> schema)
    {
        _values = values;
        _schema = schema;
        foreach (var (name, text) in values.Pairs)
        {
            if (!TryFind(name, out var field))
                Failure ??= new EncodeError(EncodeErrorKind.Unknown, string.Empty, name, $"there is no field {FieldText.Echo(name)}", Known());
            else if (values.Pairs.Count(pair => string.Equals(pair.Key, name, StringComparison.Ordinal)) > 1)
                Fail(EncodeErrorKind.Repeated, field, $"{name} is given more than once", $"give it once, e.g. {field.Assignment}");
            if (Failure is not null)
                return;
        }
    }

    /// <summary>What is wrong, or null.</summary>
    public EncodeError? Failure { get; private set; }

    private protected override bool HasPart(FieldInfo part) => _values.Has(part.Name);

    private protected override bool TryTake(FieldInfo field, FieldRule rule, out string text)
    {
        text = string.Empty;
        if (Failure is not null)
            return false;
        var when = rule.When.Length > 0 ? " with " + rule.When : string.Empty;
        if (!_values.TryGet(field.Name, out var value))
        {
            if (rule is { IsOptional: false, IsRefused: false })
                Fail(EncodeErrorKind.Missing, field, $"{field.Name} is missing{when}");
            return false;
        }

        if (rule.IsRefused)
        {
            // A list that is not there is told as an empty one.
            if (field.Form != FieldForm.List || !ListText.IsEmpty(value))
                Fail(EncodeErrorKind.NotHere, field, $"{field.Name} is only there{when}", "leave it out");
            return false;
        }

        text = value;
        return true;
    }

    private protected override void Fail(EncodeErrorKind kind, FieldInfo field, string reason, string? expected = null)
    {
        var example = TryFind(field.Name, out var known) ? known.Assignment : string.Empty;
        Failure ??= new EncodeError(kind, string.Empty, field.Name, reason, expected ?? $"it is {field.Allowed}, e.g. {example}");
    }

    private bool TryFind(string name, [NotNullWhen(true)] out FieldInfo? field)
    {
        field = _schema.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.Ordinal));
        return field is not null;
    }

    private string Known() => _schema.Count == 0
        ? "there are none"
        : "there are " + string.Join(", ", _schema.Where(field => !field.IsPart).Select(field => field.Name)) + ", e.g. " + FieldSchema.Example(_schema);
}
