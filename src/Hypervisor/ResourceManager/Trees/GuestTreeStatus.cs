namespace RmStack.ResourceManager.Trees;

/// <summary>What became of reading a VM's device tree.</summary>
internal enum GuestTreeStatus
{
    Ok,

    /// <summary>Not a device tree, or a node is missing that every VM must have.</summary>
    Unreadable,

    /// <summary>The configuration asks for something that cannot be.</summary>
    Rejected,
}
