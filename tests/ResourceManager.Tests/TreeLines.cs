using System.Text;
using RmStack.Machine.DeviceTree;

namespace RmStack.ResourceManager.Tests;

/// <summary>A device tree as lines in storage order: a node's path, or a property with its bytes.</summary>
internal static class TreeLines
{
    public static List<string> Of(DeviceTreeNode node)
    {
        var lines = new List<string> { node.Path };
        lines.AddRange(node.Properties.Select(p => $"{node.Path}:{p.Name}={Convert.ToHexStringLower(p.Value)}"));
        foreach (var child in node.Children) lines.AddRange(Of(child));
        return lines;
    }

    /// <summary>A property of cells.</summary>
    public static string Cells(string path, string name, params uint[] cells) => $"{path}:{name}=" + string.Concat(cells.Select(c => c.ToString("x8")));

    /// <summary>A property of strings.</summary>
    public static string Text(string path, string name, params string[] texts) =>
        $"{path}:{name}=" + string.Concat(texts.Select(t => Convert.ToHexStringLower(Encoding.Latin1.GetBytes(t + "\0"))));
}
