using System.Text;

namespace RmStack.Protocol;

/// <summary>Values that are taken, one per field, as somebody would give them.</summary>
internal static class FieldExamples
{
    private const string Guid = "00112233-4455-6677-8899-aabbccddeeff";

    public static string Of(FieldInfo field) => field.Form switch
    {
        FieldForm.Symbol => Name(field),
        FieldForm.Text => field.Name == "text" ? "hello" : "trustedvm",
        FieldForm.Bytes => field.Name is "guid" or "data" ? Guid : Convert.ToHexStringLower(new byte[Math.Max(field.MinLength, sizeof(uint))]),
        FieldForm.List => "[" + Entry(field) + "]",
        _ => field.Parts.Count > 0 ? Range(field.Name) : Number(field),
    };

    private static string Number(FieldInfo field) => field.Name switch
    {
        "vmid" or "borrower" or "target" or "from" => "0x80",
        "owner" => "3",
        "label" => "7",
        "irq" => "0x5a310022",
        "virq" => "0x21",
        "device" => "0x10",
        "architecture" => "0x64",
        "index" => "0",
        "address" => "0x41000000",
        "size" => "0x200000",
        "base" => "0x80000000",
        "limit" => "0x40000000",
        "alignment" => "0x1000",
        "value" => field.Max > uint.MaxValue ? "0x80080000" : "0x12",
        _ => "1",
    };

    private static string Range(string name) => name switch
    {
        "image" => "0+0x1f0000",
        "dtb" => "0x1f0000+0x10000",
        "firmware" => "0+0x100000",
        _ => "0x80000000+0x200000",
    };

    // Where none means nothing, a flag is a better example.
    private static string Name(FieldInfo field) => field.Name == "rights"
        ? "RWX"
        : field.Names.FirstOrDefault(name => !string.Equals(name, "none", StringComparison.OrdinalIgnoreCase)) ?? "1";

    private static string Entry(FieldInfo list)
    {
        if (list.EntryForm.Length == 0)
            return "{" + FieldSchema.Example(list.EntryFields) + "}";
        var entry = new StringBuilder();
        var form = list.EntryForm.AsSpan();
        while (!form.IsEmpty)
        {
            var length = form.IndexOfAny(":+=,") is >= 0 and var separator ? separator : form.Length;
            var name = form[..length].ToString();
            entry.Append(list.EntryFields.Single(field => string.Equals(field.Name, name, StringComparison.Ordinal)).Example);
            if (length < form.Length)
                entry.Append(form[length]);
            form = form[Math.Min(form.Length, length + 1)..];
        }

        return entry.ToString();
    }
}
