using System.Globalization;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// Device tree source for people. A value's type is not stored, so it is guessed from its bytes, never in a way that
/// would compile to other bytes.
/// </summary>
internal static class DeviceTreeSource
{
    public static string Write(DeviceTreeBlob tree)
    {
        var text = new StringBuilder("/dts-v1/;\n");
        foreach (var (address, size) in tree.Reservations)
            text.Append(CultureInfo.InvariantCulture, $"/memreserve/ 0x{address:x} 0x{size:x};\n");
        text.Append('\n');
        Node(text, tree.Root, indent: 0);
        return text.ToString();
    }

    private static void Node(StringBuilder text, DeviceTreeNode node, int indent)
    {
        text.Append('\t', indent).Append(indent == 0 ? "/" : node.Name).Append(" {\n");
        foreach (var property in node.Properties)
            Property(text.Append('\t', indent + 1), property);
        for (var i = 0; i < node.Children.Count; i++)
        {
            if (i != 0 || node.Properties.Count != 0) text.Append('\n');
            Node(text, node.Children[i], indent + 1);
        }

        text.Append('\t', indent).Append("};\n");
    }

    private static void Property(StringBuilder text, DeviceTreeProperty property)
    {
        text.Append(property.Name);
        if (property.Value.Length != 0)
        {
            text.Append(" = ");
            if (AreStrings(property.Value))
                Strings(text, property);
            else if (property.Value.Length % sizeof(uint) == 0)
                Cells(text, property);
            else
                Bytes(text, property.Value);
        }

        text.Append(";\n");
    }

    /// <summary>Non-empty runs of printable ASCII, each ended by a zero byte.</summary>
    private static bool AreStrings(ReadOnlySpan<byte> value)
    {
        if (value[^1] != 0 || value[0] == 0) return false;
        for (var i = 0; i < value.Length; i++)
            if (value[i] == 0 ? value[i - 1] == 0 : value[i] is < 0x20 or > 0x7e)
                return false;
        return true;
    }

    private static void Strings(StringBuilder text, DeviceTreeProperty property)
    {
        var separator = "\"";
        foreach (var item in property.GetStrings())
        {
            text.Append(separator);
            foreach (var character in item)
                text.Append(character is '"' or '\\' ? "\\" : "").Append(character);
            separator = "\", \"";
        }

        text.Append('"');
    }

    private static void Cells(StringBuilder text, DeviceTreeProperty property)
    {
        for (var i = 0; property.TryGetCell(i, out var cell); i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? '<' : ' ')}0x{cell:x}");
        text.Append('>');
    }

    private static void Bytes(StringBuilder text, ReadOnlySpan<byte> value)
    {
        text.Append('[');
        for (var i = 0; i < value.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : " ")}{value[i]:x2}");
        text.Append(']');
    }
}
