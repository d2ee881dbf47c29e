namespace RmStack.Host;

/// <summary>
/// A request from outside the machine to end the guest. Whoever makes it raises the terminal's interrupt, and the primary
/// VM delivers it on its own time: outside and inside never run at once.
/// </summary>
public sealed class StopSignal
{
    private readonly List<Action> _receivers = [];

    /// <summary>True once it has been asked for.</summary>
    public bool Requested { get; private set; }

    /// <summary>True once the primary VM has taken it.</summary>
    public bool Delivered { get; private set; }

    /// <summary>Asks for it, from outside.</summary>
    public void Request() => Requested = true;

    /// <summary>The terminal's interrupt: hands a request on to whoever is to stop.</summary>
    public void Deliver()
    {
        if (!Requested || Delivered) return;
        Delivered = true;
        foreach (var receiver in _receivers) receiver();
    }

    /// <summary>Has something done when the request is delivered; at once when it was.</summary>
    public void OnDelivered(Action receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _receivers.Add(receiver);
        if (Delivered) receiver();
    }
}
