using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// The capabilities of one VM: two levels of slots, named by ids that mean nothing anywhere else (Gunyah API: CSpaces;
/// hypervisor: cspace_twolevel.c).
/// </summary>
public sealed class CSpace : HypObject
{
    /// <summary>Slots of one second-level table.</summary>
    public const int SlotsPerTable = 62;

    /// <summary>Second-level tables at the most.</summary>
    public const int MaxTables = 230;

    /// <summary>Capabilities at the most, whatever is configured.</summary>
    public const int MaxCapabilities = SlotsPerTable * MaxTables;

    private readonly Capability[]?[] _tables = new Capability[MaxTables][];
    private readonly ulong _base;
    private readonly ushort _multiplier;
    private int _maxCaps;
    private int _used;

    internal CSpace(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.CSpace, partition)
    {
        if (!hypervisor.Options.RandomiseCapIds)
        {
            _multiplier = 1;
            return;
        }

        do _base = hypervisor.NextRandom();
        while (_base >> 32 >= 0xffff_ff00);
        do _multiplier = (ushort)hypervisor.NextRandom();
        while (_multiplier == 0);
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.CSpaceAll;

    /// <summary>Capabilities in it, revoked ones included.</summary>
    public int Count => _used;

    internal GunyahError Configure(uint maxCaps)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        if (maxCaps > MaxCapabilities) return GunyahError.ArgumentInvalid;
        _maxCaps = (int)maxCaps;
        return GunyahError.Ok;
    }

    /// <summary>Finds a capability for any use of it.</summary>
    /// <returns>ArgumentInvalid for an id that no slot can have; CSpaceCapNull or CSpaceCapRevoked for an empty one.</returns>
    internal GunyahError Find(CapId id, out Capability? capability)
    {
        capability = null;
        var scaled = id.Value ^ _base;
        if (scaled > 0xffff_ffff || scaled % _multiplier != 0) return GunyahError.ArgumentInvalid;
        var index = scaled / _multiplier;
        if (index > 0xffff) return GunyahError.ArgumentInvalid;
        int table = (int)(index >> 8), slot = (int)(index & 0xff);
        if (table >= MaxTables || slot >= SlotsPerTable) return GunyahError.ArgumentInvalid;
        var found = _tables[table]?[slot];
        if (found is null || found.State == CapState.Null) return GunyahError.CspaceCapNull;
        capability = found;
        return found.State == CapState.Revoked ? GunyahError.CspaceCapRevoked : GunyahError.Ok;
    }

    /// <summary>Looks up an object of a given type that works: the order of errors is part of the interface.</summary>
    internal GunyahError Lookup<T>(CapId id, ObjectType type, uint rights, out T target)
        where T : HypObject
    {
        var error = LookupAnyState(id, type, rights, out target);
        if (error == GunyahError.Ok && target.State != ObjectState.Active) error = GunyahError.ObjectState;
        return error;
    }

    /// <summary>The same, whatever the state of the object.</summary>
    internal GunyahError LookupAnyState<T>(CapId id, ObjectType type, uint rights, out T target)
        where T : HypObject
    {
        target = null!;
        var error = Find(id, out var capability);
        if (error != GunyahError.Ok) return error;
        if (capability!.Object!.Type != type) return GunyahError.CspaceWrongObjectType;
        if ((capability.Rights & rights) != rights) return GunyahError.CspaceInsufficientRights;
        target = (T)capability.Object;
        return GunyahError.Ok;
    }

    /// <summary>Looks up for configuring or attaching: rights are tested before the type.</summary>
    internal GunyahError LookupForSetup<T>(CapId id, ObjectType type, out T target)
        where T : HypObject
    {
        target = null!;
        var error = LookupForActivation(id, out var found);
        if (error != GunyahError.Ok) return error;
        if (found.Type != type) return GunyahError.CspaceWrongObjectType;
        target = (T)found;
        return GunyahError.Ok;
    }

    /// <summary>Looks up an object of any type with the right to activate it.</summary>
    internal GunyahError LookupForActivation(CapId id, out HypObject target)
    {
        target = null!;
        var error = Find(id, out var capability);
        if (error != GunyahError.Ok) return error;
        if ((capability!.Rights & CapRights.ObjectActivate) == 0) return GunyahError.CspaceInsufficientRights;
        target = capability.Object!;
        return GunyahError.Ok;
    }

    /// <summary>Takes the lowest free slot.</summary>
    internal GunyahError Allocate(out Capability slot)
    {
        slot = null!;
        if (_used >= _maxCaps) return GunyahError.CspaceFull;
        for (var table = 0; table < MaxTables; table++)
        {
            var slots = _tables[table] ??= NewTable(table);
            foreach (var candidate in slots)
            {
                if (candidate.State != CapState.Null) continue;
                slot = candidate;
                _used++;
                return GunyahError.Ok;
            }
        }

        return GunyahError.CspaceFull;
    }

    /// <summary>Gives back a slot that <see cref="Allocate"/> took and nobody filled.</summary>
    internal void GiveBack() => _used--;

    /// <summary>Puts an object into the lowest free slot.</summary>
    internal GunyahError Insert(HypObject target, uint rights, bool master, out CapId id)
    {
        id = CapId.Invalid;
        var error = Allocate(out var slot);
        if (error != GunyahError.Ok) return error;
        slot.Set(target, rights, master);
        id = IdOf(slot);
        return GunyahError.Ok;
    }

    internal void Delete(Capability capability)
    {
        _used--;
        capability.Delete();
    }

    internal CapId IdOf(Capability capability) => new(((ulong)capability.Index * _multiplier) ^ _base);

    /// <inheritdoc/>
    protected override GunyahError OnActivate() => _maxCaps == 0 ? GunyahError.ObjectConfig : GunyahError.Ok;

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        foreach (var table in _tables)
        {
            if (table is null) continue;
            foreach (var capability in table)
                if (capability.State != CapState.Null)
                    Delete(capability);
        }
    }

    private Capability[] NewTable(int table)
    {
        var slots = new Capability[SlotsPerTable];
        for (var slot = 0; slot < SlotsPerTable; slot++) slots[slot] = new Capability(this, (table << 8) | slot);
        return slots;
    }
}
