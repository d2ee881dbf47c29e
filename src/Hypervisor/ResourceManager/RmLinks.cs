using RmStack.Hypervisor.Native;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager;

/// <summary>The RM's end of every VM's link (RM: rm-rpc.c).</summary>
internal sealed class RmLinks
{
    private readonly RpcServer _server;
    private readonly Dictionary<ushort, HypercallMsgQueuePort> _ports = [];

    /// <summary>No links.</summary>
    /// <param name="server">The RPC server, made on the vCPU that the RM runs on. It lives as long as the machine.</param>
    /// <param name="linkFailed">A queue refused a packet for a reason other than being full: the link says nothing any more.</param>
    public RmLinks(RpcServer server, Action<ushort, GunyahError> linkFailed)
    {
        _server = server;
        server.SendFailed += (link, error) => linkFailed(link.Vmid, error);
    }

    /// <summary>True while a VM has a link.</summary>
    public bool Has(ushort vmid) => _ports.ContainsKey(vmid);

    /// <summary>What has happened on a VM's link; null when there is none.</summary>
    public RpcStatistics? StatisticsOf(ushort vmid) => _server.FindLink(vmid)?.Statistics;

    /// <summary>Opens the link to a VM.</summary>
    public void Open(ushort vmid, HypercallMsgQueuePort port)
    {
        _ports.Add(vmid, port);
        _server.AddLink(vmid, port);
    }

    /// <summary>Closes it, with everything that is stored or half received on it.</summary>
    public void Close(ushort vmid)
    {
        if (!_ports.Remove(vmid, out var port)) return;
        _server.RemoveLink(vmid);
        port.Dispose();
    }

    /// <summary>Notifies a VM; dropped when it has no link.</summary>
    public void Notify(ushort vmid, MessageId id, ReadOnlySpan<byte> payload)
    {
        if (Has(vmid)) _server.Notify(vmid, id, payload);
    }
}
