namespace RmStack.Transport;

/// <summary>One of the two ends of a link to the Resource Manager.</summary>
public enum LinkEnd : byte
{
    /// <summary>The VM's: it sends requests and receives replies and notifications. A client's.</summary>
    Vm,

    /// <summary>The Resource Manager's: it receives requests and sends replies and notifications. A server's.</summary>
    ResourceManager,
}
