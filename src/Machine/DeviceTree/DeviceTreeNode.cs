using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// A node of a device tree: a name, properties and child nodes, all in the order they are stored in. Names that occur
/// twice in a tree someone else made are kept; looking one up finds the first, as libfdt does.
/// </summary>
public sealed partial class DeviceTreeNode
{
    /// <summary>Nodes from the root to the deepest one, both counted. Linux unflattens no deeper tree either.</summary>
    public const int MaxDepth = 64;

    /// <summary>Characters of the longest name of a node or a property. The specification asks for 31, the field uses more.</summary>
    public const int MaxNameLength = 255;

    private readonly int _depth;
    private List<DeviceTreeNode>? _children;
    private List<DeviceTreeProperty>? _properties;

    internal DeviceTreeNode(string name, DeviceTreeNode? parent)
    {
        Name = name;
        Parent = parent;
        _depth = parent is null ? 1 : parent._depth + 1;
    }

    /// <summary>Name with its unit address, for example <c>memory@80000000</c>; empty for the root.</summary>
    public string Name { get; }

    /// <summary>The node this one belongs to; null for the root and for a node that was removed.</summary>
    public DeviceTreeNode? Parent { get; private set; }

    /// <summary>Child nodes, in order.</summary>
    public IReadOnlyList<DeviceTreeNode> Children => _children is null ? [] : _children;

    /// <summary>Properties, in order.</summary>
    public IReadOnlyList<DeviceTreeProperty> Properties => _properties is null ? [] : _properties;

    /// <summary>The full path, for example <c>/cpus/cpu@0</c>; <c>/</c> for the root.</summary>
    public string Path
    {
        get
        {
            if (Parent is null) return Name.Length == 0 ? "/" : Name;
            var path = new StringBuilder();
            for (var node = this; node.Parent is not null; node = node.Parent)
                path.Insert(0, node.Name).Insert(0, '/');
            return path.ToString();
        }
    }

    /// <summary>True for 1 to 255 printable ASCII characters with neither blank nor slash, which is what the reader takes too.</summary>
    public static bool IsValidName([NotNullWhen(true)] string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength) return false;
        foreach (var character in name)
            if (character is <= ' ' or > '~' or '/')
                return false;
        return true;
    }

    /// <summary>
    /// The node at a path of child names separated by slashes; an empty path is this node. A name without a unit address
    /// also finds a node that has one, as in libfdt. Null when there is none.
    /// </summary>
    public DeviceTreeNode? Find(string relativePath)
    {
        var node = this;
        foreach (var part in relativePath.AsSpan().Split('/'))
        {
            var name = relativePath.AsSpan()[part];
            if (name.IsEmpty) continue;
            node = node.FindChild(name);
            if (node is null) return null;
        }

        return node;
    }

    /// <summary>Appends a child. The name must be valid, new here, and the tree not too deep.</summary>
    public DeviceTreeNode Add(string name) => Insert(name, _children?.Count ?? 0);

    /// <summary>Adds a child before all others, where libfdt puts a new node.</summary>
    public DeviceTreeNode AddFirst(string name) => Insert(name, 0);

    /// <summary>The node at a path, its missing parts appended.</summary>
    public DeviceTreeNode GetOrAdd(string path) =>
        TryGetOrAdd(path, out var node) ? node : throw new ArgumentException($"'{path}' is no path that a device tree can hold.", nameof(path));

    /// <summary>
    /// The same for a path that came from outside: false, with nothing added, when a part is no valid name or lies too
    /// deep.
    /// </summary>
    public bool TryGetOrAdd(string path, [NotNullWhen(true)] out DeviceTreeNode? node)
    {
        node = null;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxDepth - _depth || !Array.TrueForAll(parts, IsValidName)) return false;
        node = this;
        foreach (var part in parts)
            node = node.FindChild(part) ?? node.Add(part);
        return true;
    }

    /// <summary>Removes a property. False when there is none of that name.</summary>
    public bool Remove(string property)
    {
        var index = IndexOf(property);
        if (index < 0) return false;
        _properties!.RemoveAt(index);
        return true;
    }

    /// <summary>Removes the node at a path below this one, with all it holds. False when there is none.</summary>
    public bool RemoveNode(string relativePath)
    {
        var node = Find(relativePath);
        if (node is null || node == this) return false;
        var removed = node.Parent!._children!.Remove(node);
        node.Parent = null;
        return removed;
    }

    /// <summary>This node and all below it, each before its children.</summary>
    public IEnumerable<DeviceTreeNode> SelfAndDescendants()
    {
        yield return this;
        foreach (var child in Children)
            foreach (var node in child.SelfAndDescendants())
                yield return node;
    }

    /// <summary>
    /// Lays another node over this one, as libfdt applies an overlay's fragment: a property that is there gets the new
    /// value in its place, a new one becomes the first; a child that is there is overlaid in turn, a new one becomes the
    /// first. So what an overlay adds comes out in reverse order.
    /// </summary>
    public void Overlay(DeviceTreeNode overlay)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(overlay, this);
        foreach (var property in overlay.Properties)
            PutFirst(property);
        foreach (var child in overlay.Children)
            (FindChild(child.Name) ?? AddFirst(child.Name)).Overlay(child);
    }

    internal static string CheckedName(string name) =>
        IsValidName(name) ? name : throw new ArgumentException($"'{name}' is no name that a device tree can hold.", nameof(name));

    /// <summary>Appends a child that the reader has checked.</summary>
    internal DeviceTreeNode Append(string name)
    {
        var child = new DeviceTreeNode(name, this);
        (_children ??= []).Add(child);
        return child;
    }

    /// <summary>Appends a property that the reader has checked.</summary>
    internal void Append(DeviceTreeProperty property) => (_properties ??= []).Add(property);

    internal int Depth => _depth;

    private DeviceTreeNode Insert(string name, int index)
    {
        CheckedName(name);
        if (_depth == MaxDepth) throw new InvalidOperationException($"A device tree is at most {MaxDepth} nodes deep.");
        foreach (var existing in Children)
            if (existing.Name == name)
                throw new ArgumentException($"'{Path}' has a child '{name}' already.", nameof(name));
        var child = new DeviceTreeNode(name, this);
        (_children ??= []).Insert(index, child);
        return child;
    }

    private DeviceTreeNode? FindChild(ReadOnlySpan<char> name)
    {
        var anyUnit = !name.Contains('@');
        foreach (var child in Children)
        {
            var candidate = child.Name.AsSpan();
            if (!candidate.StartsWith(name, StringComparison.Ordinal)) continue;
            if (candidate.Length == name.Length || (anyUnit && candidate[name.Length] == '@')) return child;
        }

        return null;
    }
}
