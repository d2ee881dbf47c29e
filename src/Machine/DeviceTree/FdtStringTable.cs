using System.Runtime.InteropServices;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// The strings block being built: each property name once. A name that is the tail of an earlier one is that tail, as
/// dtc and libfdt have it.
/// </summary>
internal sealed class FdtStringTable
{
    /// <summary>
    /// Bytes up to which tails are looked for. Looking is linear in the block, so without a limit a tree of very many
    /// distinct names would cost the square of its size.
    /// </summary>
    private const int TailSearchLimit = 32 << 10;

    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes of the block.</summary>
    public int Length => _bytes.Count;

    /// <summary>The name's offset in the block, to which it is added when it is new.</summary>
    public int Add(string name)
    {
        if (_offsets.TryGetValue(name, out var offset)) return offset;
        Span<byte> terminated = stackalloc byte[DeviceTreeNode.MaxNameLength + 1];
        terminated = terminated[..(name.Length + 1)];
        Encoding.Latin1.GetBytes(name, terminated);
        terminated[^1] = 0;
        offset = _bytes.Count <= TailSearchLimit ? CollectionsMarshal.AsSpan(_bytes).IndexOf(terminated) : -1;
        if (offset < 0)
        {
            offset = _bytes.Count;
            _bytes.AddRange(terminated);
        }

        _offsets.Add(name, offset);
        return offset;
    }

    /// <summary>Copies the block.</summary>
    public void CopyTo(Span<byte> destination) => CollectionsMarshal.AsSpan(_bytes).CopyTo(destination);
}
