using RmStack.Hypervisor.Memory;
using RmStack.Machine.Mmu;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// A range of physical memory that can be mapped into address spaces (Gunyah API: memory extents). A BASIC extent owns
/// all of its range or has derived parts of it away; a SPARSE extent owns whatever has been donated to it. Only owned
/// pages are ever in a stage-2 table: donating a page moves what is mapped along with it.
/// </summary>
public sealed class MemExtent : HypObject
{
    /// <summary>Mappings of a BASIC extent, slots of a SPARSE one.</summary>
    public const int MaxMappings = 4;

    private const ulong SparseLimit = 1UL << 48;

    private readonly List<ExtentMapping> _mappings = [];
    private readonly List<MemExtent> _children = [];
    private int _attachments;
    private bool _configured;

    internal MemExtent(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.MemExtent, partition)
    {
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.MemExtentAll;

    /// <summary>First physical address of the range.</summary>
    public ulong Base { get; private set; }

    /// <summary>Bytes.</summary>
    public ulong Size { get; private set; }

    /// <summary>SPARSE: pages come and go by donation.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Rights that a mapping can have at the most.</summary>
    public Stage2Access Access { get; private set; }

    /// <summary>Memory type class.</summary>
    public MemExtentClass Class { get; private set; }

    /// <summary>The extent this one was derived from, if any.</summary>
    public MemExtent? Parent { get; private set; }

    /// <summary>Its mappings, live or waiting for ownership.</summary>
    internal IReadOnlyList<ExtentMapping> Mappings => _mappings;

    internal GunyahError Configure(ulong physical, ulong size, uint attributes)
    {
        if (size == 0 || physical + size < physical) return GunyahError.ArgumentInvalid;
        if (((physical | size) & 0xfff) != 0) return GunyahError.ArgumentAlignment;
        if (!MemExtentAttributes.TryParse(attributes, out var parsed)) return GunyahError.ArgumentInvalid;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (!Hypervisor.PhysicalMemory.Contains(physical, size)) return GunyahError.ArgumentInvalid;
        Set(physical, size, parsed);
        LeaveParent();
        return GunyahError.Ok;
    }

    internal GunyahError ConfigureDerived(MemExtent parent, ulong offset, ulong size, uint attributes)
    {
        if (size == 0 || offset + size < offset) return GunyahError.ArgumentInvalid;
        if (offset + size > parent.Size) return GunyahError.AddrInvalid;
        if (((offset | size) & 0xfff) != 0) return GunyahError.ArgumentAlignment;
        if (!MemExtentAttributes.TryParse(attributes, out var parsed)) return GunyahError.ArgumentInvalid;
        if ((parsed.Access & ~parent.Access) != 0) return GunyahError.ArgumentInvalid;
        if (parent.Class != MemExtentClass.Any && parsed.Class != parent.Class) return GunyahError.ArgumentInvalid;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        Set(parent.Base + offset, size, parsed);
        parent.Retain();
        LeaveParent();
        Parent = parent;
        return GunyahError.Ok;
    }

    /// <summary>Counts objects that were given this extent as their memory; such an extent cannot be derived from.</summary>
    internal void Attach() => _attachments++;

    internal GunyahError Map(AddressSpace space, ulong vbase, ulong offset, ulong size, bool partial, in Stage2Attributes attributes)
    {
        if (!Class.Allows(attributes.MemoryType)) return GunyahError.ArgumentInvalid;
        if (((attributes.Kernel | attributes.User) & ~Access) != 0) return GunyahError.ArgumentInvalid;
        if (!IsSparse && partial) return GunyahError.MemExtentType;
        var wraps = vbase + size < vbase;
        if (wraps && !IsSparse) return GunyahError.AddrOverflow;
        if (IsSparse && (wraps || vbase + size > SparseLimit)) return GunyahError.AddrInvalid;

        var slot = SlotFor(space, offset, size);
        if (slot < 0) return GunyahError.MemExtentMappingsFull;
        if (!space.InRange(vbase)) return GunyahError.AddrInvalid;
        if (!space.InRange(vbase + size - 1)) return GunyahError.AddrOverflow;
        var mapping = new ExtentMapping(space, vbase, offset, size, attributes, slot);
        _mappings.Add(mapping);
        space.Retain();
        foreach (var owned in Hypervisor.Ownership.OwnedWithin(Base + offset, size, this))
            mapping.Enter(this, owned.Start - Base, owned.End - owned.Start);
        return GunyahError.Ok;
    }

    internal GunyahError Unmap(AddressSpace space, ulong vbase, ulong offset, ulong size, bool partial)
    {
        if (!IsSparse && partial) return GunyahError.MemExtentType;
        for (var at = 0; at < _mappings.Count; at++)
        {
            var mapping = _mappings[at];
            if (mapping.Space != space || !mapping.Covers(vbase, offset, size)) continue;
            if (!partial && mapping.Vbase != vbase) continue;
            LeaveOwned(mapping, offset, size);
            _mappings.RemoveAt(at);
            if (offset + size < mapping.End) Keep(at, mapping.After(offset + size));
            if (offset > mapping.Offset) Keep(at, mapping.Before(offset));
            space.Release();
            return GunyahError.Ok;
        }

        return GunyahError.AddrInvalid;
    }

    internal void UnmapAll()
    {
        foreach (var mapping in _mappings)
        {
            LeaveOwned(mapping, mapping.Offset, mapping.Size);
            mapping.Space.Release();
        }

        _mappings.Clear();
    }

    /// <summary>Takes pages from another owner: their mappings by it end, and ours over them begin.</summary>
    internal GunyahError TakeFrom(HypObject from, ulong physical, ulong size)
    {
        var error = Hypervisor.Ownership.Transfer(physical, size, from, this);
        if (error != GunyahError.Ok) return error;
        (from as MemExtent)?.ForEachMapping(physical, size, entering: false);
        Hypervisor.PhysicalMemory.ChangedHands(physical, size);
        ForEachMapping(physical, size, entering: true);
        Hypervisor.Tap?.OwnershipChanged(physical, size, from, this);
        return GunyahError.Ok;
    }

    /// <summary>Gives pages to a partition.</summary>
    internal GunyahError GiveTo(Partition to, ulong physical, ulong size)
    {
        var error = Hypervisor.Ownership.Transfer(physical, size, this, to);
        if (error != GunyahError.Ok) return error;
        ForEachMapping(physical, size, entering: false);
        Hypervisor.PhysicalMemory.ChangedHands(physical, size);
        Hypervisor.Tap?.OwnershipChanged(physical, size, this, to);
        return GunyahError.Ok;
    }

    internal void Zero(ulong offset, ulong size)
    {
        foreach (var owned in Hypervisor.Ownership.OwnedWithin(Base + offset, size, this))
        {
            for (var at = owned.Start; at < owned.End;)
            {
                var chunk = (int)Math.Min(owned.End - at, 1 << 30);
                Hypervisor.PhysicalMemory.Writable(at, chunk).Clear();
                at += (ulong)chunk;
            }
        }
    }

    /// <inheritdoc/>
    protected override GunyahError OnActivate()
    {
        if (!_configured) return GunyahError.ObjectConfig;
        if (Parent is null) return IsSparse ? GunyahError.Ok : TakeFrom(Partition!, Base, Size);
        if (!Parent.IsSparse || !IsSparse)
        {
            if (Parent._attachments != 0) return GunyahError.Busy;
            if (!Hypervisor.Ownership.IsOwnedBy(Base, Size, Parent)) return GunyahError.MemDbNotOwner;
            var offset = Base - Parent.Base;
            foreach (var mapping in Parent._mappings)
                if (mapping.Overlaps(offset, Size) && !mapping.Covers(offset, Size)) return GunyahError.Denied;
            foreach (var mapping in Parent._mappings)
                if (mapping.Covers(offset, Size)) Keep(_mappings.Count, mapping.Within(offset, Size, Access, _mappings.Count));

            var error = TakeFrom(Parent, Base, Size);
            if (error != GunyahError.Ok) return error;
        }

        Parent._children.Add(this);
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        UnmapAll();
        if (wasActive)
        {
            foreach (var owned in Hypervisor.Ownership.OwnedWithin(Base, Size, this).ToList())
            {
                if (Parent is not null) Parent.TakeFrom(this, owned.Start, owned.End - owned.Start);
                else GiveTo(Partition!, owned.Start, owned.End - owned.Start);
            }
        }

        LeaveParent();
    }

    private void LeaveParent()
    {
        if (Parent is not { } parent) return;
        Parent = null;
        parent._children.Remove(this);
        parent.Release();
    }

    private void Set(ulong physical, ulong size, MemExtentAttributes attributes)
    {
        Base = physical;
        Size = size;
        Access = attributes.Access;
        Class = attributes.Class;
        IsSparse = attributes.Sparse;
        _configured = true;
    }

    // A page that has been donated away may be mapped at the same address by its present owner.
    private void LeaveOwned(ExtentMapping mapping, ulong offset, ulong size)
    {
        foreach (var owned in Hypervisor.Ownership.OwnedWithin(Base + offset, size, this))
            mapping.Leave(this, owned.Start - Base, owned.End - owned.Start);
    }

    private void Keep(int at, ExtentMapping part)
    {
        _mappings.Insert(at, part);
        part.Space.Retain();
    }

    private void ForEachMapping(ulong physical, ulong size, bool entering)
    {
        var offset = physical - Base;
        foreach (var mapping in _mappings)
        {
            if (!mapping.Overlaps(offset, size)) continue;
            var start = Math.Max(offset, mapping.Offset);
            var length = Math.Min(offset + size, mapping.End) - start;
            if (entering) mapping.Enter(this, start, length);
            else mapping.Leave(this, start, length);
        }
    }

    // A slot of a sparse extent holds any number of mappings of one address space that do not overlap; a basic extent
    // has a slot per mapping. -1: none is free.
    private int SlotFor(AddressSpace space, ulong offset, ulong size)
    {
        if (!IsSparse) return _mappings.Count < MaxMappings ? _mappings.Count : -1;
        var owners = new AddressSpace?[MaxMappings];
        var taken = 0;
        foreach (var mapping in _mappings)
        {
            owners[mapping.Slot] = mapping.Space;
            if (mapping.Overlaps(offset, size)) taken |= 1 << mapping.Slot;
        }

        for (var slot = 0; slot < MaxMappings; slot++)
            if (owners[slot] == space && (taken & (1 << slot)) == 0) return slot;
        return Array.IndexOf(owners, null);
    }
}
