using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Parcels;

/// <summary>One entry of a memparcel's ACL, and what its VM has made of it.</summary>
internal sealed class ParcelRecipient(ushort vmid, MemRights rights)
{
    /// <summary>The VM.</summary>
    public ushort Vmid { get; } = vmid;

    /// <summary>What it may do with the memory.</summary>
    public MemRights Rights { get; } = rights;

    /// <summary>It has accepted and not released since.</summary>
    public bool Accepted { get; set; }

    /// <summary>Its mappings; empty while it has not accepted completely.</summary>
    public List<ParcelMapping> Mappings { get; } = [];

    /// <summary>Addresses of its VM that acceptance took.</summary>
    public List<(ulong Ipa, ulong Size)> Addresses { get; } = [];
}
