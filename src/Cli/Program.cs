using RmStack.Cli;

return CommandLine.Run(args, StandardStreams.OpenText(), Console.Error, StandardStreams.OpenOutput, Console.OpenStandardInput);
