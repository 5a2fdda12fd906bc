// `heed figure`: a picture of a view as a file, or the numbers behind it; without a window.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/figure/figure_file.h"
#include "app/ui/options.h"
#include "app/views/axes.h"
#include "app/window/figure_studio.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "core/run/explain.h"

namespace heed::app {
namespace {

constexpr int kLeastSide = 64;
constexpr int kMostSide = 8192;

struct Options {
    InputOptions input;
    std::string view;
    std::string other;
    bool has_other = false;
    std::string site;
    int layer = -1;  // the four: -1 where not given
    int head = -1;
    int query = -1;
    int key = -1;
    std::string ask;
    std::vector<std::string> settings;
    std::string size = "900x700";
    double scale = 1;
    std::string theme = "light";
    std::string ground = "surface";
    bool no_title = false;
    std::string id;
    std::string out;
    bool list = false;
    bool json = false;
};

const ViewEntry& require_view(const std::string& name) {
    const int view = find_view(name);
    if (view >= 0) return all_views()[static_cast<std::size_t>(view)];
    std::string names;
    for (const ViewEntry& entry : all_views()) {
        names += (names.empty() ? "" : ", ") + std::string(entry.name);
    }
    throw Error("figure", "VIEW", "one of " + names, in_quotes(name));
}

FigurePage read_page(const Options& options) {
    FigurePage page;
    int width = 0;
    int height = 0;
    const char* end = options.size.data() + options.size.size();
    const auto [times, bad_width] = std::from_chars(options.size.data(), end, width);
    const bool has_height = bad_width == std::errc() && times != end && *times == 'x';
    const auto [last, bad_height] = std::from_chars(has_height ? times + 1 : end, end, height);
    const auto is_side = [](int side) { return side >= kLeastSide && side <= kMostSide; };
    if (!has_height || bad_height != std::errc() || last != end || !is_side(width) ||
        !is_side(height)) {
        throw Error("figure", "--size",
                    fmt::format("WIDTHxHEIGHT, each from {} to {}", kLeastSide, kMostSide),
                    in_quotes(options.size));
    }
    page.width = static_cast<float>(width);
    page.height = static_cast<float>(height);
    const std::optional<ThemeKind> theme = find_theme(options.theme);
    if (!theme) throw Error("figure", "--theme", "the name of a theme", in_quotes(options.theme));
    page.theme = theme_of(*theme);
    return page;
}

FigureGround read_ground(const std::string& word) {
    if (word == "surface") return FigureGround::kSurface;
    if (word == "white") return FigureGround::kWhite;
    if (word == "none") return FigureGround::kNone;
    throw Error("figure", "--ground", "surface, white or none", in_quotes(word));
}

// `position` where it was given; it must be below `count`.
void choose(int position, const char* option, int count, int& chosen) {
    if (position < 0) return;
    if (position >= count) {
        throw Error("figure", option, fmt::format("0 to {}", count - 1), std::to_string(position));
    }
    chosen = position;
}

Selection read_selection(const Options& options, const Trace& trace, Selection selection) {
    const Graph& graph = trace.graph();
    if (!options.site.empty()) {
        const std::vector<std::string> words = list_site_words(graph);
        if (std::find(words.begin(), words.end(), options.site) == words.end()) {
            throw Error("figure", "--site", fmt::format("one of {}", fmt::join(words, ", ")),
                        in_quotes(options.site));
        }
        selection = ask_pattern(graph, choose_site(graph, std::move(selection), options.site));
    }
    const bool has_choice =
        std::max({options.layer, options.head, options.query, options.key}) >= 0;
    if (has_choice) {
        const std::vector<int> layers = list_attention_layers(graph, selection.site);
        if (layers.empty())
            throw Error("figure", "--layer", "a model with attention", "none in it");
        choose(options.layer, "--layer", layers.back() + 1, selection.layer);
        const AttentionSite* site = find_site(graph, selection);
        if (site == nullptr) {
            throw Error("figure", "--layer", "a layer with attention",
                        std::to_string(selection.layer));
        }
        const auto length = [&](int sequence) {
            return graph.sequences()[static_cast<std::size_t>(sequence)].length;
        };
        choose(options.head, "--head", site->heads, selection.head);
        choose(options.query, "--query", length(site->query_sequence), selection.query);
        choose(options.key, "--key", length(site->key_sequence), selection.key);
        selection = ask_pattern(graph, clamp_selection(graph, std::move(selection)));
    }
    if (options.ask.empty()) return selection;
    const Cell cell = parse_cell(graph, options.ask);
    if (cell.kind != CellKind::kNode) {
        throw Error("figure", "--ask", "a cell of a node", in_quotes(options.ask));
    }
    return ask_word_cell(trace, selection, cell.id, cell.index);
}

void set_view_options(const Options& options, ViewStates& views) {
    for (const std::string& setting : options.settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos) {
            throw Error("figure", "--set", "OPTION=VALUE", in_quotes(setting));
        }
        set_option([&](OptionVisitor& v) { views.visit(v); }, setting.substr(0, equals),
                   setting.substr(equals + 1));
    }
}

// The document as the options describe it.
void prepare_document(const Options& options, Document& document) {
    const ModelRun run = run_named_model(options.input);
    std::shared_ptr<const Trace> other;
    if (options.has_other) {
        InputOptions input = options.input;
        input.ids.clear();
        input.input_file.clear();
        input.text = options.other;
        input.has_text = true;
        input.has_pair = false;
        other = run_named_model(input).trace;
    }
    document.adopt(run.model, run.trace, std::move(other));
    document.select(read_selection(options, *run.trace, document.selection()));
    set_view_options(options, document.views);
}

void list_figures(const Options& options) {
    Options shown = options;
    if (shown.input.model.empty()) {
        shown.input.model = "words";
        shown.input.text = kDefaultText;
        shown.input.has_text = true;
    }
    Document document([] { /* nothing waits */ });
    prepare_document(shown, document);
    FigureStudio studio;
    const FigurePage page = read_page(options);
    nlohmann::ordered_json views = nlohmann::ordered_json::array();
    for (const ViewEntry& view : all_views()) {
        if (!options.view.empty() && require_view(options.view).name != view.name) continue;
        if (!options.json) fmt::print("{}: {}\n", view.name, view.tells);
        nlohmann::ordered_json figures = nlohmann::ordered_json::array();
        for (const ListedFigure& figure : studio.list(document, view, page)) {
            figures.push_back(
                {{"id", figure.id}, {"title", figure.title}, {"has_numbers", figure.has_numbers}});
            if (options.json) continue;
            fmt::print("  {:32} {}{}\n", figure.id, figure.title,
                       figure.has_numbers ? " (numbers)" : "");
        }
        views.push_back({{"name", view.name}, {"title", view.title}, {"figures", figures}});
    }
    if (options.json) print_json({{"views", views}});
}

void write_figure(const Options& options) {
    const FigureFormat format = require_figure_format(options.out);
    const ViewEntry& view = require_view(options.view);
    const FigurePage page = read_page(options);
    FigureWish wish;
    wish.id = options.id;
    wish.wants_numbers = is_table(format);
    wish.has_title = !options.no_title;
    wish.ground = read_ground(options.ground);
    Document document([] { /* nothing waits */ });
    prepare_document(options, document);
    FigureStudio studio;
    const MadeFigure made = studio.make(document, view, page, wish);
    nlohmann::ordered_json json = {{"file", options.out},
                                   {"format", ending_of(format)},
                                   {"view", view.name},
                                   {"figure", made.id}};
    std::string size;
    if (wish.wants_numbers) {
        write_file_atomically(options.out, encode_table(made.numbers, format));
        json["rows"] = made.numbers.row_labels.size();
        json["columns"] = made.numbers.column_labels.size();
        size = fmt::format("{} x {} numbers", made.numbers.row_labels.size(),
                           made.numbers.column_labels.size());
    } else {
        const auto enlarge = static_cast<float>(options.scale);
        write_file_atomically(options.out, encode_figure(made.figure, format, enlarge));
        const float pixels = format == FigureFormat::kPng ? enlarge : 1;
        const auto width = static_cast<int>(std::ceil(made.figure.width * pixels));
        const auto height = static_cast<int>(std::ceil(made.figure.height * pixels));
        json["title"] = made.figure.title;
        json["width"] = width;
        json["height"] = height;
        size = fmt::format("{} x {} pixels", width, height);
    }
    if (options.json) {
        print_json(json);
    } else {
        fmt::print("{}: {}, {}\n", options.out, made.id, size);
    }
}

void run_figure(const Options& options) {
    if (options.list) {
        list_figures(options);
        return;
    }
    if (options.view.empty()) throw UsageError("figure: a VIEW is missing");
    if (options.input.model.empty()) throw UsageError("figure: --model is missing");
    if (options.out.empty()) throw UsageError("figure: --out is missing");
    write_figure(options);
}

void add_figure_options(CLI::App& command, Options& options) {
    command.add_option("--site", options.site,
                       "Which attention: encoder, decoder or cross; memory or self");
    command.add_option("--layer", options.layer, "Layer")->check(CLI::NonNegativeNumber);
    command.add_option("--head", options.head, "Head")->check(CLI::NonNegativeNumber);
    command.add_option("--query", options.query, "Position of the word that looks")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--key", options.key, "Position of the word that is looked at")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--ask", options.ask, "The cell that is asked about")
        ->type_name("NODE[I,J,K]");
    command.add_option("--other", options.other, "A sentence to compare with")
        ->each([&options](const std::string&) { options.has_other = true; });
    command.add_option("--set", options.settings, "An option of the view, as in `do set`")
        ->allow_extra_args(false)
        ->type_name("OPTION=VALUE");
    command.add_option("--size", options.size, "Room for the whole view, pixels")
        ->capture_default_str()
        ->type_name("WxH");
    command.add_option("--scale", options.scale, "How much larger a PNG is")
        ->capture_default_str()
        ->check(CLI::Range(0.25, 8.0));
    command.add_option("--theme", options.theme, "Colours")->capture_default_str();
    command.add_option("--ground", options.ground, "Under everything: surface, white or none")
        ->capture_default_str();
    command.add_flag("--no-title", options.no_title, "Without a title above it");
    command.add_option("--id", options.id, "Which figure of the view; the first one otherwise");
    command.add_flag("--list", options.list, "Views and the figures in them");
    command.add_option("-o,--out", options.out, "File: .svg, .png, .pdf, .csv or .npy")
        ->type_name("FILE");
}

}  // namespace

void add_figure_command(CLI::App& app, int& /*status*/) {
    CLI::App* command =
        app.add_subcommand("figure", "A picture of a view, or its numbers, as a file");
    auto options = std::make_shared<Options>();
    command->add_option("VIEW", options->view, "attention, heads, stages, ...");
    add_input_options(*command, options->input);
    command->get_option("--model")->required(false);
    add_figure_options(*command, *options);
    add_json_option(*command, options->json);
    command->footer(
        "Example:\n  heed figure attention -m words --text \"Bark is very cute and he is a dog\" "
        "--layer 2 --head 1 -o he.svg\n  heed figure attention -m my-bart --text \"a cat\" "
        "--target \"eine\" --site cross -o cross.svg\n  heed figure --list\n");
    command->callback([options] { run_figure(*options); });
}

}  // namespace heed::app
