namespace RmStack.Machine.DeviceTree;

/// <summary>
/// What became of reading a flattened device tree (Devicetree Specification v0.4, chapter 5). Every refusal comes with
/// the offset of the byte at fault.
/// </summary>
public enum FdtStatus
{
    /// <summary>The whole tree was read.</summary>
    Ok = 0,

    /// <summary>The first word is not 0xd00dfeed.</summary>
    BadMagic,

    /// <summary>The bytes end before what the header, a token, a name or the reservation map promises.</summary>
    Truncated,

    /// <summary>Older than version 16, or a reader of version 17 is told that it cannot understand it.</summary>
    BadVersion,

    /// <summary>A block of the header is misaligned, begins inside the header or reaches past the total size.</summary>
    BadOffset,

    /// <summary>A word of the structure block is none of the five tokens.</summary>
    BadToken,

    /// <summary>A node's name is empty, too long or holds a byte that no name has. The root's name is empty.</summary>
    BadName,

    /// <summary>A property's name is outside the strings block, not terminated, empty, too long or holds a byte that no name has.</summary>
    BadPropertyName,

    /// <summary>A property stands outside any node, or after a child of its node.</summary>
    MisplacedProperty,

    /// <summary>Nodes are nested deeper than <see cref="DeviceTreeNode.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The total size is past <see cref="DeviceTreeBlob.MaxSize"/>, or the names would take more memory than the blob warrants.</summary>
    TooLarge,

    /// <summary>A node ends that was not open, the block ends with a node open or without a root, or there is a second root.</summary>
    Unbalanced,
}
