namespace Kaitai;

/// <summary>A rule of a specification that the bytes break.</summary>
public abstract class ValidationFailedError : Exception
{
    protected ValidationFailedError(string message, KaitaiStream io, string srcPath)
        : base($"{srcPath} at {io.Pos}: {message}")
    {
    }
}

public sealed class ValidationNotEqualError : ValidationFailedError
{
    public ValidationNotEqualError(object expected, object actual, KaitaiStream io, string srcPath)
        : base($"{actual} is not {expected}", io, srcPath)
    {
    }
}

public sealed class ValidationGreaterThanError : ValidationFailedError
{
    public ValidationGreaterThanError(object max, object actual, KaitaiStream io, string srcPath)
        : base($"{actual} is more than {max}", io, srcPath)
    {
    }
}

public sealed class ValidationExprError : ValidationFailedError
{
    public ValidationExprError(object actual, KaitaiStream io, string srcPath)
        : base($"{actual} does not hold", io, srcPath)
    {
    }
}
