using System.Diagnostics;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Calls that wait to be sent, first come, first served. Linked through the calls; the usual queue of one call costs one reference. HOT.
/// </summary>
internal struct CallQueue
{
    private RpcCall? _first;

    // Null while there is only one.
    private RpcCall? _last;

    public void Add(RpcCall call)
    {
        Debug.Assert(call.NextQueued is null && call.PreviousQueued is null, "the call is in a queue");
        if (_first is null)
        {
            _first = call;
            return;
        }

        var last = _last ?? _first;
        last.NextQueued = call;
        call.PreviousQueued = last;
        _last = call;
    }

    public RpcCall? Take()
    {
        var call = _first;
        if (call is null)
            return null;
        if (call.NextQueued is null)
            _first = null;
        else
            Remove(call);
        return call;
    }

    public void Remove(RpcCall call)
    {
        var (before, after) = (call.PreviousQueued, call.NextQueued);
        if (before is null)
            _first = after;
        else
            before.NextQueued = after;
        if (after is not null)
            after.PreviousQueued = before;
        else
            _last = before;
        if (ReferenceEquals(_last, _first))
            _last = null;
        (call.PreviousQueued, call.NextQueued) = (null, null);
    }
}
