using System.Globalization;
using RmStack.Protocol;

namespace RmStack.Testing;

/// <summary>Recorded fields as text, to compare them.</summary>
public static class FieldDump
{
    /// <summary>One field after another: name=number, name=hex bytes, name=[entries].</summary>
    public static string Text(IEnumerable<MessageField> fields) => string.Join(' ', fields.Select(Text));

    private static string Text(MessageField field) => field.Name + "=" + field.Form switch
    {
        FieldForm.Number => field.Value.ToString(CultureInfo.InvariantCulture),
        FieldForm.Symbol => field.Value.ToString(CultureInfo.InvariantCulture) + "/" + field.Spelling,
        FieldForm.List => "[" + string.Join(';', field.Entries.Select(Text)) + "]",
        _ => Convert.ToHexStringLower(field.Bytes.Span),
    };
}
