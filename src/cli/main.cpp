#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "arguments.hpp"
#include "commands.hpp"
#include "complaint.hpp"
#include "completion.hpp"
#include "help.hpp"
#include "notice.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/protocol/fingerprint.hpp"
#include "uringbench/role/agent.hpp"
#include "uringbench/role/role.hpp"

namespace ub::cli {
namespace {

constexpr const char* kDescription =
    "uringbench measures which way of sending bytes is best on this kernel, at which message size, "
    "by how "
    "much, and why. Without arguments it runs a short comparison on loopback.";

constexpr const char* kFooter =
    "\nExamples:\n"
    "  uringbench                               a first comparison, under a minute\n"
    "  uringbench --mode all --size 64,4K,64K   every mode that this kernel offers\n"
    "  uringbench --mode classic --clients 1,8 --reps 5        the classic study\n"
    "  uringbench --mode 'uring-*' --size 1M --working-set 256M --out results/cold\n"
    "  uringbench --workload rr --mode epoll,uring --clients 64 --recv recv,multishot\n"
    "  uringbench ablate --workload rr --size 64  what each ring feature is worth\n"
    "  uringbench explain --mode uring-two-copy,uring-send-zc  why one is faster\n"
    "  uringbench list                          modes, and why some are not here\n"
    "\nExit status: 0 done, 1 a sample failed or is invalid, 2 bad usage,\n"
    "3 selftest could not judge every row, 130 interrupted.";

/// What was typed.
struct CommandLine {
  RunArguments run;
  std::string list_format = "text";
  std::vector<std::string> directories;
  CompareArguments compare;
  DoctorArguments doctor;
  std::string shell = "bash";
  role::RoleSetup role;
  bool stdio = false;
  bool licences = false;
};

/// What `name` said before there was --format, for one version.
void add_old_spelling(CLI::App& app, const std::string& name, std::string& format,
                      const char* means) {
  app.add_flag_callback(
         name, [&format, means] { format = means; },
         fmt::format("The same as --format {}; goes with the next version", means))
      ->excludes(app.get_option("--format"));
}

void add_list(CLI::App& app, const char* name, CommandLine& line, report::Input input,
              const char* help) {
  CLI::App& list = *app.add_subcommand(name, help);
  add_format_option(list, line.list_format, input);
  add_old_spelling(list, "--json", line.list_format, "json");
}

void add_role(CLI::App& app, CommandLine& line) {
  CLI::App* role = app.add_subcommand("role", "One end of a sample; started by the program itself");
  role->group("");  // not for people
  role->add_option("name", line.role.name)->required();
  role->add_option("--channel", line.role.channel_fd)->required();
  role->add_option("--parent", line.role.parent)->required();
  role->add_option("--lifeline", line.role.lifeline_fd);
}

void add_agent(CLI::App& app, CommandLine& line) {
  app.add_subcommand("agent",
                     "The far end of --server and --load: starts roles on this host, for a runner "
                     "on another")
      ->add_flag("--stdio", line.stdio, "Speaks over standard input and output")
      ->required();
}

void add_compare(CLI::App& app, CompareArguments& arguments) {
  CLI::App* compare = app.add_subcommand(
      "compare",
      "Two studies case by case: is B faster than A? Exit status with --fail-if-slower: 0 not "
      "slower; 1 slower, which only several pairs show; 3 a case is missing in a study; 125 not "
      "clear, or nothing to compare (so fit for `git bisect run`)");
  compare
      ->add_option(
          "STUDY", arguments.studies,
          "Directories of studies: A B, or in the order in which they were measured A B A B")
      ->type_name("");
  compare
      ->add_option(
          "--program", arguments.programs,
          "Instead of studies: measures with two builds of the program in turn, A,B, in one "
          "study; takes the options of a study (default: 8 repetitions; --out DIR keeps "
          "DIR/a and DIR/b)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B");
  compare->fallthrough();
  compare->add_option("--by", arguments.by, "throughput, cpu or p99. Default: throughput")
      ->type_name("WHAT");
  compare
      ->add_option(
          "--fail-if-slower", arguments.fail_if_slower,
          "Exit with 1 if a case of B is slower by more than this, and not by chance; with 0 "
          "only if none can be")
      ->type_name("SHARE");
  compare->add_flag(
      "--fail-if-facts-differ", arguments.fail_if_facts_differ,
      "Exit with 1 if a case of B did something else, apart from speed: available or not, real or "
      "copied and why, calls, completions and notifications by the operation, what was granted; "
      "also where times mean nothing (emulation)");
  add_format_option(*compare, arguments.format, report::Input::comparison);
}

void describe(CLI::App& app, CommandLine& line) {
  app.formatter(std::make_shared<HelpFormat>());
  // Before --version, which asks whether it was given.
  app.add_flag_callback(
      "--licences", [&line] { line.licences = true; },
      "With --version: the licences of what travels inside the program");
  app.set_version_flag("--version", [&line] {
    const std::string version = fmt::format("uringbench {} ({})", program_version(), build_type());
    return line.licences ? fmt::format("{}\n\n{}", version, report::licences()) : version;
  });
  app.require_subcommand(0, 1);
  add_run_options(app, line.run);
  app.add_subcommand(kRunCommand, "Run a comparison (the default; takes the options above)")
      ->fallthrough();
  app.add_subcommand(kExplainCommand,
                     "Why one of two modes is faster: --mode A,B side by side (options above)")
      ->fallthrough();
  app.add_subcommand(kAblateCommand,
                     "One mode with each feature of its engine switched alone, then together "
                     "(takes the options above; default: uring-two-copy, 4K)")
      ->fallthrough();
  add_list(app, "list", line, report::Input::modes,
           "The grid of modes: what each copies, available or why not");
  add_list(app, "probe", line, report::Input::features,
           "What this kernel offers, how that was found out, since when");
  add_list(app, "selftest", line, report::Input::selftest,
           "Does the zero-copy meter tell the truth on this kernel?");
  add_format_option(
      *app.add_subcommand(
          "fields", "Every field of samples.jsonl, of analyses and of CSV: type, unit and meaning"),
      line.list_format, report::Input::forms);
  CLI::App* report =
      app.add_subcommand("report",
                         "A study again in any format, from its samples.jsonl; several side by "
                         "side: kernels, machines, links");
  report
      ->add_option("DIR", line.directories,
                   "Directories given to --out; of several the first is what the others are held "
                   "against")
      ->required()
      ->type_name("");
  add_report_options(*report, line.run);
  for (const char* format : {"thresholds", "refine", "answers"}) {
    add_old_spelling(*report, fmt::format("--{}", format), line.run.format, format);
  }
  add_compare(app, line.compare);
  CLI::App* doctor = app.add_subcommand(
      "doctor", "What on this machine would spoil a measurement, and what mends it");
  add_format_option(*doctor, line.doctor.format, report::Input::checks);
  doctor->add_flag("--quick", line.doctor.quick, "Does not measure the noise, which takes seconds");
  app.add_subcommand("completion", "Print a completion script for bash, zsh or fish")
      ->add_option("SHELL", line.shell, "bash, zsh or fish. Default: bash")
      ->type_name("");
  add_agent(app, line);
  add_role(app, line);
  app.footer(kFooter);  // after the commands, which would inherit it
}

int dispatch(const CLI::App& app, const CommandLine& line) {
  if (line.compare.programs.empty()) refuse_idle_options(app);
  if (line.licences) {
    fmt::print("{}", report::licences());
    return kDone;
  }
  if (app.got_subcommand("role") && line.role.name == "protocol") {
    fmt::print("{}\n", protocol::fingerprint());
    return kDone;
  }
  if (app.got_subcommand("role")) return role::run_role(line.role);
  if (app.got_subcommand("agent")) return role::run_agent();
  if (app.got_subcommand(kExplainCommand)) return explain(line.run);
  if (app.got_subcommand("list")) return list(line.list_format);
  if (app.got_subcommand("fields")) return fields(line.list_format);
  if (app.got_subcommand("probe")) return probe(line.list_format);
  if (app.got_subcommand("selftest")) return selftest(line.list_format);
  if (app.got_subcommand("report")) return report(line.directories, line.run);
  if (app.got_subcommand("compare")) return compare(line.compare, line.run);
  if (app.got_subcommand("doctor")) return doctor(line.doctor);
  if (app.got_subcommand("completion")) {
    fmt::print("{}", completion(app, line.shell));
    return kDone;
  }
  if (app.got_subcommand(kAblateCommand)) return run(line.run, StudyKind::ablation);
  return run(line.run);
}

int complain(std::string_view sentence, int status) {
  notice(sentence);
  return status;
}

/// `run` is the default: its options are the program's.
int print_help(const CLI::App& app, const CLI::Success& success) {
  const bool of_all = app.got_subcommand(kRunCommand) || app.got_subcommand(kExplainCommand);
  if (success.get_name() != "CallForHelp" || !of_all) {
    return app.exit(success);
  }
  std::cout << app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
  return kDone;
}

/// A closed standard descriptor would become that of the next file which is opened, and take what
/// is printed. Writing to one that is open for reading fails, as it should.
void keep_standard_descriptors_taken() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);  // takes the lowest number
  }
}

/// What is still buffered may not fit, on a full disk say, and nobody else would notice.
int with_output_written(int status) {
  std::cout.flush();
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  if (written || status != kDone) return status;
  return complain("standard output could not be written", kStudyFailed);
}

/// --out "" (an empty variable of the shell) would keep nothing. Options that take a list say
/// themselves what is wrong with an empty text.
void refuse_empty_texts(CLI::App& app) {
  const auto check = [](const std::string& text) {
    return text.empty() ? "the value is empty; give one, or leave the option out" : "";
  };
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 1) option->check(check, "", "");
  }
  for (CLI::App* command : app.get_subcommands({})) refuse_empty_texts(*command);
}

/// The parser would take the word after "--size=" for its value.
void refuse_empty_values(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--") || !word.ends_with('=')) continue;
    throw UsageError(fmt::format("{}: the value is empty; give one, or leave the option out",
                                 word.substr(0, word.size() - 1)));
  }
}

int run_program(int argc, char** argv) {
  CLI::App app{kDescription, "uringbench"};
  CommandLine line;
  describe(app, line);
  refuse_empty_texts(app);
  try {
    refuse_empty_values(argc, argv);
    app.parse(argc, argv);
    return dispatch(app, line);
  } catch (const CLI::Success& success) {
    return print_help(app, success);  // --help, --version
  } catch (const CLI::ParseError& error) {
    return complain(explain(app, error), kBadUsage);
  } catch (const UsageError& error) {
    return complain(error.what(), kBadUsage);
  } catch (const std::exception& error) {
    return complain(error.what(), kStudyFailed);
  }
}

}  // namespace
}  // namespace ub::cli

// NOLINTNEXTLINE(bugprone-exception-escape): left over is only a failure to print a failure
int main(int argc, char** argv) {
  ub::cli::keep_standard_descriptors_taken();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of that file
  return ub::cli::with_output_written(ub::cli::run_program(argc, argv));
}
