using RmStack.Protocol;

namespace RmStack.Host;

/// <summary>Told what the agent does. Called while the machine runs: it must not wait for anything.</summary>
public interface IAgentObserver
{
    /// <summary>The agent runs the vCPUs of a VM that was started.</summary>
    /// <returns>The VM's devices.</returns>
    MmioBus Attend(ushort vmid, int vcpus);

    /// <summary>The agent has no business with a VM any more: it ended and was reset.</summary>
    void Leave(ushort vmid);

    /// <summary>The Resource Manager reported how a VM ended.</summary>
    void Exited(ushort vmid, VmExitInfo exit);

    /// <summary>The agent sends a message of its own; the next reply is the answer to it. What passes by otherwise is the client's.</summary>
    void Asks(MessageId id, ushort vmid);
}
