// `heed atlas`: what every head of a model does over many texts.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "app/cli/atlas_input.h"
#include "app/cli/atlas_picture.h"
#include "app/cli/command.h"
#include "app/figure/figure_file.h"
#include "core/analysis/atlas_file.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "core/model/model_picture.h"

namespace heed::app {
namespace {

constexpr int kMostPeriod = 25;
constexpr int kLeastPeriod = 4;

struct Options {
    InputOptions input;
    std::string texts;
    std::string pairs;
    std::string out;
    std::string picture;
    int limit = 0;
    int sequences = 20;
    std::uint64_t seed = 1;
    bool json = false;
};

class AtlasRun {
  public:
    explicit AtlasRun(const Options& options)
        : options_(options),
          backend_(make_backend(options.input)),
          model_(open_named_model(options.input.model)) {}

    Atlas make() {
        const ModelSummary& summary = model_->summary();
        const std::vector<AtlasText> texts =
            read_atlas_texts(options_.texts, summary.takes_target, options_.limit);
        AtlasPairFile pairs;
        if (!options_.pairs.empty()) pairs = read_atlas_pairs(options_.pairs);
        AtlasBuilder builder(pairs.kinds);
        for (std::size_t k = 0; k < pairs.chances.size(); ++k) {
            builder.set_chance(static_cast<int>(k), pairs.chances[k]);
        }
        const std::size_t total = texts.size() + pairs.entries.size();
        std::size_t done = 0;
        for (const AtlasText& text : texts) {
            report(done++, total);
            builder.add_text(*run(input_of(text)));
        }
        for (const AtlasPairs& entry : pairs.entries) {
            report(done++, total);
            const std::shared_ptr<const Trace> trace = run(input_of(entry.text));
            for (const ExpectedPair& pair : locate_pairs(entry, *trace, options_.pairs)) {
                builder.add_pair(*trace, entry.kind, pair);
            }
        }
        report(total, total);
        if (summary.takes_text && !summary.takes_target) add_repeats(builder);
        Atlas atlas = builder.finish();
        atlas.model = summary.name;
        atlas.seed = options_.seed;
        return atlas;
    }

  private:
    ModelInput input_of(const AtlasText& text) const {
        ModelInput input;
        if (!model_->summary().takes_text) {
            const std::filesystem::path beside =
                std::filesystem::path(options_.texts).parent_path();
            const std::string file = (beside / text.text).string();
            add_picture(*model_, load_image(file), file, input);
            return input;
        }
        input.text = text.text;
        input.target = text.target;
        return input;
    }

    std::shared_ptr<const Trace> run(const ModelInput& input) const {
        const PreparedInput prepared = model_->prepare(input);
        return backend_->prepare(prepared.graph, model_->weights())->run(prepared.inputs, {});
    }

    void add_repeats(AtlasBuilder& builder) const {
        const int room = model_->summary().positions;
        // Two tokens are left for what stands around a text.
        const int period = room == 0 ? kMostPeriod : std::min(kMostPeriod, (room - 2) / 2);
        if (period < kLeastPeriod) return;
        for (int i = 0; i < options_.sequences; ++i) {
            const RepeatedTokens tokens = make_repeated_tokens(
                *model_, period, options_.seed + static_cast<std::uint64_t>(i));
            if (tokens.ids.empty()) return;
            ModelInput input;
            input.ids = tokens.ids;
            builder.add_repeats(*run(input), tokens.lead, period);
        }
    }

    static void report(std::size_t done, std::size_t total) {
        if (isatty(STDERR_FILENO) == 0) return;
        fmt::print(stderr, "\r{} of {} texts{}", done, total, done == total ? "\r\x1b[K" : "");
        std::fflush(stderr);
    }

    const Options& options_;
    std::unique_ptr<Backend> backend_;
    std::shared_ptr<const Model> model_;
};

void print_atlas(const Atlas& atlas) {
    fmt::print("{}: {} texts, {} tokens; induction on {} random sequences of 2 x {}\n", atlas.model,
               atlas.texts, atlas.tokens, atlas.sequences, atlas.period);
    for (const AtlasKind& kind : atlas.kinds) {
        const std::string blind = kind.is_by_chance()
                                      ? "a blind choice"
                                      : fmt::format("the best fixed offset ({:+})", kind.offset);
        fmt::print("{}: {} pairs, {} hits {:.2f}\n", kind.name, kind.count, blind, kind.baseline);
    }
    const auto number = [](const std::optional<double>& value) {
        return value ? fmt::format("{:.2f}", *value) : std::string("-");
    };
    fmt::print("{:<32} {:>6} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6} {:>7}  called\n", "head", "before",
               "after", "itself", "first", "special", "marks", "copies", "induct.");
    for (const AtlasHead& head : atlas.heads) {
        const HeadMetrics& m = head.measures;
        std::string labels;
        for (const HeadLabel& label : list_head_labels(atlas, head)) {
            labels +=
                fmt::format("{}{} {:.2f}", labels.empty() ? "" : ", ", label.text, label.value);
        }
        fmt::print("{:<32} {:>6} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6} {:>7}  {}\n",
                   fmt::format("{}.{}", head.site, head.head), number(m[HeadMetric::kPrevious]),
                   number(m[HeadMetric::kNext]), number(m[HeadMetric::kOwn]),
                   number(m[HeadMetric::kFirst]), number(m[HeadMetric::kSpecial]),
                   number(m[HeadMetric::kMarks]), number(m[HeadMetric::kDuplicate]),
                   number(head.repeats), labels);
    }
}

void run_atlas(const Options& options) {
    std::string picture = options.picture;
    if (picture.empty() && !options.out.empty()) {
        picture = std::filesystem::path(options.out).replace_extension(".svg").string();
    }
    if (!picture.empty() && is_table(require_figure_format(picture))) {
        throw Error("atlas", "--picture", "a .svg, .png or .pdf file", in_quotes(picture));
    }
    const Atlas atlas = AtlasRun(options).make();
    const std::string text = encode_atlas(atlas);
    if (!options.out.empty()) write_file_atomically(options.out, text);
    if (!picture.empty()) {
        write_file_atomically(picture,
                              encode_figure(draw_atlas(atlas), require_figure_format(picture), 2));
    }
    if (options.json) {
        std::cout << text;
    } else {
        print_atlas(atlas);
    }
}

}  // namespace

void add_atlas_command(CLI::App& app, int& /*status*/) {
    CLI::App* command =
        app.add_subcommand("atlas", "What every head of a model does over many texts");
    auto options = std::make_shared<Options>();
    command->add_option("MODEL", options->input.model, "Folder, or a name from `heed models`")
        ->required();
    command
        ->add_option("TEXTFILE", options->texts,
                     "A text a line; a tab before the decoder's text; for pictures a file a line")
        ->required();
    command
        ->add_option(
            "--pairs", options->pairs,
            "Words that a head could connect: {\"kind\", \"text\", \"pairs\": [[from, to]]} "
            "a line, with \"target\" where `from` stands in the decoder's text")
        ->type_name("FILE");
    command->add_option("--limit", options->limit, "Texts at most (0: all)")
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option("--sequences", options->sequences,
                     "Random sequences that come twice, for induction")
        ->capture_default_str()
        ->check(CLI::Range(0, 10000));
    command->add_option("--seed", options->seed, "Of the random sequences")->capture_default_str();
    command
        ->add_option("--threads", options->input.threads, "Threads to compute with (0: one a core)")
        ->check(CLI::Range(0, 256));
    command
        ->add_option("-o,--out", options->out,
                     "JSON file; a picture of the table is written beside it. The window shows "
                     "atlas.json in the model's folder")
        ->type_name("FILE");
    command->add_option("--picture", options->picture, "The picture elsewhere: .svg, .png or .pdf")
        ->type_name("FILE");
    add_json_option(*command, options->json);
    command->footer(
        "Example:\n  heed atlas words sentences.txt --pairs pairs.jsonl -o atlas.json\n");
    command->callback([options] { run_atlas(*options); });
}

}  // namespace heed::app
