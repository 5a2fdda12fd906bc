#include "core/model/model_folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/model/axis_names.h"
#include "core/model/gguf_config.h"
#include "core/model/gguf_weights.h"
#include "core/model/prepare.h"
#include "core/model/registry.h"
#include "core/model/worksheet.h"
#include "core/tokenizer/gguf_tokenizer.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxGenerationBytes = std::size_t{1} << 20;

class FolderModel : public Model {
  public:
    FolderModel(std::unique_ptr<const Network> network, ModelSummary summary,
                std::shared_ptr<const WeightStore> weights,
                std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> label_names)
        : network_(std::move(network)),
          summary_(std::move(summary)),
          weights_(std::move(weights)),
          tokenizer_(std::move(tokenizer)),
          names_(make_axis_names(tokenizer_, std::move(label_names))) {}

    const ModelSummary& summary() const override { return summary_; }
    const std::shared_ptr<const WeightStore>& weights() const override { return weights_; }
    const std::shared_ptr<const Tokenizer>& tokenizer() const override { return tokenizer_; }
    PreparedInput prepare(const ModelInput& input) const override;
    std::shared_ptr<const Graph> graph(int length) const override;

  private:
    SequenceTokens read_given(const ModelInput& input, std::vector<std::string>& notes) const;
    void check_picture(const ModelInput& input) const;
    Encoding cut(Encoding tokens, int positions, const std::string& what,
                 std::vector<std::string>& notes) const;

    std::unique_ptr<const Network> network_;
    ModelSummary summary_;
    std::shared_ptr<const WeightStore> weights_;
    std::shared_ptr<const Tokenizer> tokenizer_;
    std::shared_ptr<const AxisNames> names_;
};

PreparedInput FolderModel::prepare(const ModelInput& input) const {
    if (!summary_.has_weights) {
        throw Error(summary_.path, "weights", "model.safetensors or an index with shards",
                    "only a config: its shapes can be looked at, not run");
    }
    PreparedInput prepared;
    const SequenceTokens given = read_given(input, prepared.notes);
    prepared.graph = network_->build_graph({static_cast<int>(given.tokens.size()),
                                            static_cast<int>(given.target.size()),
                                            static_cast<int>(given.memory.size())});
    const auto derive = [this](const std::string& name, const std::vector<int>& ids) {
        return network_->derived_ids(name, ids);
    };
    prepared.inputs = make_inputs(*prepared.graph, given, summary_.path, derive, prepared.notes);
    prepared.inputs.names = names_;
    prepared.inputs.model = summary_.name;
    if (given.pixels) prepared.inputs.picture = input.picture;
    prepared.inputs.text = input.text.value_or("");
    prepared.inputs.pair = input.text ? input.pair.value_or("") : "";
    prepared.inputs.target = summary_.takes_target ? input.target.value_or("") : "";
    return prepared;
}

// The tokens of each sequence, cut to what the model has positions for, or the picture.
SequenceTokens FolderModel::read_given(const ModelInput& input,
                                       std::vector<std::string>& notes) const {
    SequenceTokens given;
    if (summary_.takes_image && (input.pixels || !summary_.takes_text)) {
        check_picture(input);
        given.pixels = input.pixels;
        return given;
    }
    if (input.pixels) {
        throw Error(summary_.path, "input", "a text or ids: the model takes no pictures",
                    "a picture");
    }
    const InputLimits limits{summary_.path, summary_.positions, summary_.vocabulary};
    given.tokens =
        cut(read_tokens(input, tokenizer_.get(), limits), summary_.positions, "tokens", notes);
    if (summary_.takes_target) {
        const InputLimits of_target{summary_.path, summary_.target_positions,
                                    summary_.target_vocabulary};
        const bool is_told = input.target && !input.target->empty();
        const std::vector<int> start =
            is_told ? network_->target_start() : network_->usual_target(ids_of(given.tokens));
        given.target = cut(read_target(input, tokenizer_.get(), start, of_target),
                           summary_.target_positions, "tokens of the target", notes);
    } else if (input.target || !input.target_ids.empty()) {
        throw Error(summary_.path, "target", "an encoder-decoder model", summary_.family);
    }
    if (summary_.takes_memory) {
        given.memory = read_memory(input, tokenizer_.get(), limits);
    } else if (input.memory || !input.memory_ids.empty()) {
        throw Error(summary_.path, "memory", "a model that keeps one (transfo-xl)",
                    summary_.family);
    }
    return given;
}

void FolderModel::check_picture(const ModelInput& input) const {
    const std::vector<int> wanted = {summary_.channels, summary_.image_height,
                                     summary_.image_width};
    if (!input.pixels) {
        throw Error(summary_.path, "input", "a picture " + to_string(wanted),
                    input.text || !input.ids.empty() ? "a text or ids" : "nothing");
    }
    if (summary_.takes_text && (input.text || !input.ids.empty())) {
        throw Error(summary_.path, "input", "a text or a picture, one at a time", "both");
    }
    if (input.pixels->extents() != wanted) {
        throw Error(summary_.path, "pixel_values", to_string(wanted),
                    to_string(input.pixels->extents()));
    }
}

Encoding FolderModel::cut(Encoding tokens, int positions, const std::string& what,
                          std::vector<std::string>& notes) const {
    const std::size_t whole = tokens.size();
    if (positions == 0 || whole <= static_cast<std::size_t>(positions)) return tokens;
    if (!summary_.cuts_input) {
        notes.push_back(std::to_string(whole) + " " + what + ": the model was trained on " +
                        std::to_string(positions));
        return tokens;
    }
    tokens = cut_to_positions(std::move(tokens), positions);
    notes.push_back("cut to " + std::to_string(tokens.size()) + " of " + std::to_string(whole) +
                    " " + what + ": the model has " + std::to_string(positions) + " positions");
    return tokens;
}

std::shared_ptr<const Graph> FolderModel::graph(int length) const {
    constexpr int kMaxLength = 1 << 20;
    const bool is_limited = summary_.positions > 0 && summary_.cuts_input;
    const int limit = is_limited ? summary_.positions : kMaxLength;
    if (length < 1 || length > limit) {
        throw Error(summary_.path, "number of tokens", "1 to " + std::to_string(limit),
                    std::to_string(length));
    }
    const int most = summary_.target_positions;
    const int target = most > 0 && summary_.cuts_input ? std::min(length, most) : length;
    return network_->build_graph({length, summary_.takes_target ? target : 0, 0});
}

// Whether the folder holds weights, in whatever form.
bool has_weight_files(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(folder / "model.safetensors.index.json", ignored))) {
        return true;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        if (is_weight_file(entry.path())) return true;
    }
    return false;
}

WeightSource open_weights(const fs::path& folder, const ModelConfig& config) {
    if (!has_weight_files(folder)) return WeightSource();
    const std::string packed = config.quantization();
    if (!packed.empty()) {
        throw Error(config.where(), "quantization_config", "weights that are plain numbers",
                    packed);
    }
    return WeightSource(std::make_shared<const SafetensorsWeights>(
        std::make_shared<const SafetensorsFolder>(folder)));
}

// generation_config.json where there is one, else what config.json says of it.
GenerationRules load_generation_rules(const fs::path& folder, const ModelConfig& config) {
    const fs::path path = folder / "generation_config.json";
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return read_generation_rules(config.reader());
    const Json json = parse_json(read_text_file(path, kMaxGenerationBytes), path.string());
    if (!json.is_object()) throw Error(path.string(), "", "an object", json.describe());
    return read_generation_rules(JsonReader(json, path.string()));
}

// What a model is called and where it lies.
struct ModelPlace {
    std::string name;
    std::string path;
    GenerationRules generation;
};

std::shared_ptr<const Model> assemble_model(std::unique_ptr<const Network> network,
                                            const ModelConfig& config, const WeightSource& weights,
                                            std::shared_ptr<const Tokenizer> tokenizer,
                                            const ModelPlace& place) {
    ModelSummary summary = network->sizes();
    summary.name = place.name;
    summary.family = config.reader().get_string("model_type", std::nullopt);
    summary.path = place.path;
    summary.generation = place.generation;
    summary.tokenizer = tokenizer == nullptr ? "none" : tokenizer->description();
    summary.weight_type = weights.types();
    summary.has_weights = weights.has_values();
    summary.parameters = weights.store()->count();
    std::vector<std::string> label_names = network->label_names();
    if (label_names.empty()) label_names = config.label_names();
    return std::make_shared<FolderModel>(std::move(network), std::move(summary), weights.store(),
                                         std::move(tokenizer), std::move(label_names));
}

bool is_file_of_a_folder(const fs::path& file) {
    constexpr std::array<std::string_view, 11> kNames = {"config.json",
                                                         "tokenizer.json",
                                                         "tokenizer_config.json",
                                                         "vocab.json",
                                                         "special_tokens_map.json",
                                                         "added_tokens.json",
                                                         "generation_config.json",
                                                         "model.safetensors.index.json",
                                                         "vocab.txt",
                                                         "merges.txt",
                                                         "preprocessor_config.json"};
    const std::string name = file.filename().string();
    if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
    return file.extension() != ".json";
}

}  // namespace

bool is_weight_file(const fs::path& file) {
    constexpr std::array<std::string_view, 9> kEndings = {
        ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf"};
    const std::string ending = file.extension().string();
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::vector<fs::path> list_gguf_files(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        std::error_code ignored;
        const bool is_file = fs::is_regular_file(entries->path(), ignored);
        if (is_file && entries->path().extension() == ".gguf") files.push_back(entries->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string gguf_model_name(const fs::path& file) {
    return file.extension() == ".gguf" ? file.stem().string() : file.filename().string();
}

std::string folder_model_name(const fs::path& folder) {
    std::error_code ignored;
    fs::path path = fs::absolute(folder, ignored).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    constexpr std::string_view kCached = "models--";
    const fs::path repository = path.parent_path().parent_path();
    const std::string cached = repository.filename().string();
    if (path.parent_path().filename() == "snapshots" && cached.starts_with(kCached)) {
        std::string name = cached.substr(kCached.size());
        const std::size_t dashes = name.find("--");
        if (dashes != std::string::npos) name.replace(dashes, 2, "/");
        return name;
    }
    return path.filename().string();
}

std::shared_ptr<const Model> open_model_folder(const fs::path& folder, TokenizerUse use) {
    const ModelConfig config = complete_model_type(load_config(folder / "config.json"));
    WeightSource weights = open_weights(folder, config);
    std::unique_ptr<const Network> network = open_network(config, weights);
    std::shared_ptr<const Tokenizer> tokenizer;
    if (use == TokenizerUse::kLoad) tokenizer = load_tokenizer(folder);
    return assemble_model(
        std::move(network), config, weights, std::move(tokenizer),
        {folder_model_name(folder), folder.string(), load_generation_rules(folder, config)});
}

std::shared_ptr<const Model> open_gguf_model(const fs::path& file, TokenizerUse use) {
    const auto content = std::make_shared<const GgufFile>(file);
    const ModelConfig config = make_gguf_config(*content);
    WeightSource weights(std::make_shared<const GgufWeights>(content));
    std::unique_ptr<const Network> network = open_network(config, weights);
    std::shared_ptr<const Tokenizer> tokenizer;
    if (use == TokenizerUse::kLoad) tokenizer = make_gguf_tokenizer(*content);
    return assemble_model(
        std::move(network), config, weights, std::move(tokenizer),
        {gguf_model_name(file), file.string(), read_generation_rules(config.reader())});
}

namespace {

// A folder with a config; else with one GGUF file.
std::shared_ptr<const Model> open_folder(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(folder / "config.json", ignored))) {
        return open_model_folder(folder);
    }
    const std::vector<fs::path> files = list_gguf_files(folder);
    if (files.size() == 1) return open_gguf_model(files.front());
    if (files.empty()) return open_model_folder(folder);
    std::string names;
    for (const fs::path& file : files) {
        names += (names.empty() ? "" : ", ") + file.filename().string();
    }
    throw Error(folder.string(), "", "a config.json or one GGUF file", names);
}

}  // namespace

std::shared_ptr<const Model> open_model(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    if (fs::is_directory(status)) return open_folder(path);
    if (!fs::exists(status)) {
        throw Error(path.string(), "", "a model folder, a file in one, a GGUF file or a worksheet",
                    "nothing there");
    }
    if (path.extension() == ".gguf" || is_gguf_file(path)) return open_gguf_model(path);
    if (!is_file_of_a_folder(path)) return open_worksheet(path);
    const fs::path folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    if (!fs::exists(folder / "config.json", ignored)) {
        throw Error(path.string(), "", "a model folder, a file in one, a GGUF file or a worksheet",
                    "a file without a config.json beside it");
    }
    return open_model_folder(folder);
}

}  // namespace heed
