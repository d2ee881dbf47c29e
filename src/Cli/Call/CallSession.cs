using System.Globalization;
using RmStack.Cli.Decode;
using RmStack.Protocol;
using RmStack.Transport.Ports;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;

namespace RmStack.Cli.Call;

/// <summary>How a step, or a session, ended.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Message">What to say about it; empty when it went well.</param>
internal readonly record struct CallOutcome(ExitCode Code, string Message)
{
    /// <summary>It went well.</summary>
    public static CallOutcome Ok { get; } = new(ExitCode.Ok, "");
}

/// <summary>One connection to a server, and the steps that are done over it one after the other.</summary>
internal sealed class CallSession : IAsyncDisposable
{
    private readonly IDecodeOutput _output;
    private readonly TimeSpan? _timeout;
    private readonly bool _showNotifications;
    private readonly SocketPort _port;
    private readonly RpcClient _client;
    private readonly CallTap _tap = new();
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly List<DecodedMessage> _waiting = [];

    private CallSession(SocketPort port, IDecodeOutput output, TimeSpan? timeout, bool showNotifications)
    {
        _port = port;
        _output = output;
        _timeout = timeout;
        _showNotifications = showNotifications;
        _client = new RpcClient(new ObservedPort(port, _tap), new RpcClientOptions { MaxRequestContent = RpcLimits.MaxContent, TimeProvider = HostTiming.Clock });
        _ = EndWithTheConnectionAsync();
    }

    /// <summary>Connects.</summary>
    /// <param name="path">The server's socket.</param>
    /// <param name="output">Shows replies and notifications.</param>
    /// <param name="timeout">How long each step may take; null for any time.</param>
    /// <param name="showNotifications">Whether notifications are shown that nobody waits for.</param>
    /// <exception cref="IOException">Nobody serves it; the message says why.</exception>
    public static CallSession Connect(string path, IDecodeOutput output, TimeSpan? timeout, bool showNotifications) =>
        new(SocketPort.Connect(path), output, timeout, showNotifications);

    /// <summary>Does one step.</summary>
    public Task<CallOutcome> DoAsync(CallStep step) => step.IsWait ? WaitAsync(step) : RequestAsync(step);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _port.Dispose();
    }

    private async Task<CallOutcome> RequestAsync(CallStep step)
    {
        if (!step.TryEncode(_known, out var payload, out var problem)) return new CallOutcome(ExitCode.Usage, problem);
        using var result = await _client.CallAsync(step.Id, payload, _timeout);
        var reply = ShowArrived();
        switch (result.Status)
        {
            case RpcCallStatus.Ok when reply is { Status: not DecodeStatus.Ok }:
                return new CallOutcome(ExitCode.BadBytes, $"{step.Id}: the reply cannot be read: {reply.Status.Describe()}");
            case RpcCallStatus.Ok:
                return CallOutcome.Ok;
            case RpcCallStatus.RmError:
                return new CallOutcome(ExitCode.RmError, string.Create(CultureInfo.InvariantCulture, $"{step.Id}: the Resource Manager answered {result.Error.Name()} ({(uint)result.Error}): {result.Error.Describe()}"));
            case RpcCallStatus.TimedOut:
                return TimedOut($"{step.Id}: no reply");
            case RpcCallStatus.Closed or RpcCallStatus.SendFailed:
                return await ClosedAsync(step);
            default:
                return new CallOutcome(ExitCode.BadBytes, $"{step.Id}: {result}");
        }
    }

    private async Task<CallOutcome> WaitAsync(CallStep step)
    {
        if (!step.TryResolve(_known, out _, out var problem)) return new CallOutcome(ExitCode.Usage, problem);
        using var deadline = new CancellationTokenSource(_timeout ?? Timeout.InfiniteTimeSpan, HostTiming.Clock);
        try
        {
            while (true)
            {
                ShowArrived();
                if (_waiting.Find(message => step.Matches(_known, message.Header.Id, message.Fields)) is { } found)
                {
                    _waiting.Remove(found);
                    if (!_showNotifications) _output.Message(found);
                    Remember(found);
                    return CallOutcome.Ok;
                }

                if (!await MoreAsync(deadline.Token)) return await ClosedAsync(step);
            }
        }
        catch (OperationCanceledException)
        {
            return TimedOut($"{CallStep.WaitWord} {step.Id}: no such notification");
        }
    }

    // False when the connection has ended and everything that had come was looked at.
    private async Task<bool> MoreAsync(CancellationToken deadline)
    {
        var more = _tap.Arrived.WaitToReadAsync(deadline).AsTask();
        await Task.WhenAny(more, _port.Closed);
        if (more.IsCompleted) return await more;
        return _tap.Arrived.Count > 0;
    }

    // What has come so far, in its order. Returns the reply that is among it.
    private DecodedMessage? ShowArrived()
    {
        DecodedMessage? reply = null;
        while (_tap.Arrived.TryRead(out var arrived))
        {
            switch (arrived)
            {
                case DecodedDrop drop:
                    _output.Drop(drop);
                    break;
                case DecodedMessage { Header.Type: RpcMessageType.Reply } message:
                    _output.Message(message);
                    Remember(message);
                    reply = message;
                    break;
                case DecodedMessage notification:
                    if (_showNotifications) _output.Message(notification);
                    if (_waiting.Count == RpcLimits.MaxPendingNotifications) _waiting.RemoveAt(0);
                    _waiting.Add(notification);
                    break;
            }
        }

        return reply;
    }

    private void Remember(DecodedMessage message)
    {
        foreach (var (name, value) in FieldValues.From(message.Fields).Pairs) _known[name] = value;
    }

    private CallOutcome TimedOut(string what) =>
        new(ExitCode.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{what} came within {_timeout!.Value.TotalSeconds} seconds (--timeout gives it more)"));

    private async Task<CallOutcome> ClosedAsync(CallStep step)
    {
        var end = await _port.Closed;
        return new CallOutcome(ExitCode.NoConnection, $"{step.Id}: the connection ended: {end}");
    }

    private async Task EndWithTheConnectionAsync()
    {
        await _port.Closed;
        await _client.DisposeAsync();
    }
}
