using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>Makes dispatchers.</summary>
public static class RpcDispatcher
{
    /// <summary>A dispatcher to whose handlers a caller is its VMID.</summary>
    public static RpcDispatcher<ushort> ByVmid() => new(static (vmid, out caller) =>
    {
        caller = vmid;
        return true;
    });
}

/// <summary>
/// A server's handler that hands each request, as its view, to the code that is registered for it. An id without a handler, and a caller that is not known,
/// is answered with UNIMPLEMENTED, as the RM does. Filled before it is used, by one server; a request allocates nothing. RM: resource-manager.c.
/// </summary>
/// <typeparam name="TCaller">What a caller is to the handlers: a VMID, or what the RM keeps of a VM.</typeparam>
public sealed class RpcDispatcher<TCaller> : IRpcHandler
{
    private readonly RpcCallerLookup<TCaller> _lookup;
    private readonly Dictionary<MessageId, Entry> _entries = [];
    private readonly List<MessageId> _messages = [];
    // One request is handled at a time.
    private readonly byte[] _buffer = new byte[RpcLimits.MaxReplyPayload];

    /// <summary>A dispatcher without handlers.</summary>
    public RpcDispatcher(RpcCallerLookup<TCaller> lookup) => _lookup = lookup;

    /// <summary>Every message that is answered with more than UNIMPLEMENTED, in dispatch order.</summary>
    public IReadOnlyList<MessageId> Messages => _messages;

    /// <summary>
    /// Whether error replies to VM_SET_TIME_BASE and VM_SET_FIRMWARE_MEM have a word behind the error, 1 where the handler gives none: the
    /// 12/2023 RM's do, the newer one's do not.
    /// </summary>
    public bool SendsErrorDetail { get; init; }

    /// <summary>Replies that one VM may be owed at a time; a handler that would owe one more has to answer at once.</summary>
    public int MaxDeferredPerVm
    {
        get => Deferred.MaxPerVm;
        init => Deferred.MaxPerVm = value;
    }

    /// <summary>Requests that their view refused.</summary>
    public long Malformed { get; private set; }

    /// <summary>Requests without a handler, or from nobody known.</summary>
    public long Unimplemented { get; private set; }

    /// <summary>Replies that are owed now.</summary>
    public int DeferredReplies => Deferred.Count;

    internal DeferredReplies Deferred { get; } = new();

    internal Span<byte> Buffer => _buffer;

    /// <summary>
    /// Appends a group. The first group that handles a message for a caller gets the request; a message that none after an earlier group could
    /// ever get is our own mistake and throws, and then nothing of the group was added.
    /// </summary>
    public RpcDispatcher<TCaller> Add(RpcHandlerGroup<TCaller> group)
    {
        foreach (var id in group.Messages)
        {
            if (_entries.TryGetValue(id, out var entry) && entry.Last.OnlyFor is null)
                throw new ArgumentException($"{id} has a handler already.", nameof(group));
        }

        foreach (var route in group.Routes)
        {
            var entry = new Entry(route, group.OnlyFor);
            if (_entries.TryAdd(route.Id, entry))
                _messages.Add(route.Id);
            else
                _entries[route.Id].Last.Next = entry;
        }

        return this;
    }

    /// <inheritdoc/>
    public void Handle(in RpcRequest request, RpcResponder responder)
    {
        if (_entries.TryGetValue(request.Id, out var entry) && _lookup(request.Vmid, out var caller))
        {
            for (; entry is not null; entry = entry.Next)
            {
                if (entry.OnlyFor is not null && !entry.OnlyFor(caller))
                    continue;
                entry.Route.Handle(this, caller, in request, responder);
                return;
            }
        }

        Unimplemented++;
        responder.Reply(RmError.Unimplemented);
    }

    /// <summary>Owes a VM nothing any more, because it is gone: its deferred replies are forgotten. Returns how many there were.</summary>
    public int Forget(ushort vmid) => Deferred.Forget(vmid);

    internal void CountMalformed() => Malformed++;

    private sealed class Entry(RpcRoute<TCaller> route, Func<TCaller, bool>? onlyFor)
    {
        public RpcRoute<TCaller> Route { get; } = route;

        public Func<TCaller, bool>? OnlyFor { get; } = onlyFor;

        public Entry? Next { get; set; }

        public Entry Last => Next?.Last ?? this;
    }
}
