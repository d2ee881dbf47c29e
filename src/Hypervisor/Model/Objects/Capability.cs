namespace RmStack.Hypervisor.Objects;

/// <summary>State of a slot of a CSpace.</summary>
public enum CapState
{
    /// <summary>Free.</summary>
    Null,

    /// <summary>Names an object and keeps it alive.</summary>
    Valid,

    /// <summary>Taken away by the holder of the master capability; stays until its own holder deletes it.</summary>
    Revoked,
}

/// <summary>One slot of a CSpace: which object, and what its holder may do with it (Gunyah API: capabilities).</summary>
internal sealed class Capability(CSpace owner, int index)
{
    public CSpace Owner { get; } = owner;

    public int Index { get; } = index;

    public CapState State { get; private set; }

    public HypObject? Object { get; private set; }

    public uint Rights { get; private set; }

    /// <summary>True for the capability that came with the creation of the object: the only one that can revoke the others.</summary>
    public bool IsMaster { get; private set; }

    public void Set(HypObject target, uint rights, bool master)
    {
        State = CapState.Valid;
        Object = target;
        Rights = rights;
        IsMaster = master;
        target.Retain();
        target.Capabilities.Add(this);
    }

    public void Revoke()
    {
        var target = Object;
        State = CapState.Revoked;
        Object = null;
        Rights = 0;
        target!.Capabilities.Remove(this);
        target.OnCapabilityGone();
        target.Release();
    }

    public void Delete()
    {
        var target = Object;
        State = CapState.Null;
        Object = null;
        Rights = 0;
        IsMaster = false;
        if (target is null) return;
        target.Capabilities.Remove(this);
        target.OnCapabilityGone();
        target.Release();
    }
}
