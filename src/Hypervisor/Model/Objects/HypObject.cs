using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>Kinds of object a capability can name (Gunyah API: object types).</summary>
public enum ObjectType
{
    Partition,
    CSpace,
    AddressSpace,
    MemExtent,
    Thread,
    Doorbell,
    MsgQueue,
    Vic,
    VpmGroup,
}

/// <summary>Life of an object (Gunyah API: object life cycle).</summary>
public enum ObjectState
{
    /// <summary>Created: may be configured and attached, does nothing yet.</summary>
    Init,

    /// <summary>Working.</summary>
    Active,

    /// <summary>Activation was refused. For good: only deletion remains.</summary>
    Failed,

    /// <summary>The last reference is gone.</summary>
    Destroyed,
}

/// <summary>
/// Something of the hypervisor that capabilities name. It lives while a capability, an attachment or a started thread
/// refers to it.
/// </summary>
public abstract class HypObject
{
    private int _references;

    private protected HypObject(GunyahHypervisor hypervisor, ObjectType type, Partition? partition)
    {
        Hypervisor = hypervisor;
        Type = type;
        Partition = partition;
        Serial = hypervisor.NextObjectSerial();
    }

    /// <summary>The hypervisor it belongs to.</summary>
    public GunyahHypervisor Hypervisor { get; }

    /// <summary>Its kind.</summary>
    public ObjectType Type { get; }

    /// <summary>Where it is in its life.</summary>
    public ObjectState State { get; private set; } = ObjectState.Init;

    /// <summary>The partition it was created from; null only for the root partition.</summary>
    public Partition? Partition { get; }

    /// <summary>Number of this object in order of creation, for traces.</summary>
    public int Serial { get; }

    /// <summary>Every right that exists for its type: what the master capability starts with.</summary>
    public abstract uint AllRights { get; }

    /// <summary>The capabilities that name it, in any CSpace.</summary>
    internal List<Capability> Capabilities { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Type}#{Serial}";

    internal void Retain() => _references++;

    internal void Release()
    {
        if (--_references > 0 || State == ObjectState.Destroyed) return;
        var wasActive = State == ObjectState.Active;
        State = ObjectState.Destroyed;
        Hypervisor.Destroy(this, wasActive);
    }

    internal void Destroy(bool wasActive) => OnDestroy(wasActive);

    /// <summary>A capability that named it is gone; the reference that came with it is still held.</summary>
    internal virtual void OnCapabilityGone()
    {
    }

    internal GunyahError Activate()
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        var error = OnActivate();
        State = error == GunyahError.Ok ? ObjectState.Active : ObjectState.Failed;
        return error;
    }

    /// <summary>Checks what must have been configured and starts working.</summary>
    protected abstract GunyahError OnActivate();

    /// <summary>Undoes everything others can see of it.</summary>
    /// <param name="wasActive">False when it never got that far.</param>
    protected virtual void OnDestroy(bool wasActive)
    {
    }
}
