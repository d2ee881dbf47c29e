using System.Diagnostics;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Platform;

/// <summary>A part of an extent: whole pages.</summary>
/// <param name="Offset">Offset in the extent, bytes.</param>
/// <param name="Size">Bytes.</param>
internal readonly record struct ExtentPiece(ulong Offset, ulong Size);

/// <summary>
/// Memory of a VM in the RM's own address space, one piece after the other, for as long as the RM reads or writes it. Only
/// one thing is in the window at a time.
/// </summary>
internal sealed class MemoryWindow
{
    private const ulong Alignment = 1UL << 30;

    private readonly RmPlatform _platform;
    private readonly List<(CapId Extent, ulong Ipa, ExtentPiece Piece)> _open = [];

    public MemoryWindow(RmPlatform platform)
    {
        _platform = platform;
        var end = platform.Configuration.MemoryBase + platform.Configuration.MemorySize;
        Base = (end + Alignment - 1) & ~(Alignment - 1);
    }

    /// <summary>Where the first piece is mapped: above all memory.</summary>
    public ulong Base { get; }

    /// <summary>Maps pieces of an extent side by side.</summary>
    /// <returns>False, and nothing stays mapped, when one is refused.</returns>
    public bool TryOpen(CapId extent, IEnumerable<ExtentPiece> pieces, MemRights rights)
    {
        Debug.Assert(_open.Count == 0, "the window is open already");
        var attributes = HypConstants.MapAttributes(rights);
        var configuration = _platform.Configuration;
        var ipa = Base;
        foreach (var piece in pieces)
        {
            var error = _platform.Hyp.Map(configuration.AddressSpace, extent, ipa, attributes, HypConstants.MapPartial, piece.Offset, piece.Size);
            if (error != GunyahError.Ok)
            {
                Close();
                return false;
            }

            _open.Add((extent, ipa, piece));
            ipa += piece.Size;
        }

        return true;
    }

    /// <summary>Reads from an offset in the window. False when the pages have no owner that lets the RM read.</summary>
    public bool TryRead(ulong offset, Span<byte> destination) => _platform.Context.Memory.TryRead(Base + offset, destination, out _);

    /// <summary>Writes at an offset in the window.</summary>
    public bool TryWrite(ulong offset, ReadOnlySpan<byte> source) => _platform.Context.Memory.TryWrite(Base + offset, source, out _);

    /// <summary>Unmaps everything.</summary>
    public void Close()
    {
        foreach (var (extent, ipa, piece) in _open)
            _platform.Hyp.Unmap(_platform.Configuration.AddressSpace, extent, ipa, HypConstants.MapPartial, piece.Offset, piece.Size);
        _open.Clear();
    }
}
