// Which files of a folder make its tokenizer.
#include <system_error>

#include "core/base/error.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/tokenizer/gguf_tokenizer.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizer_files.h"

namespace heed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;

std::string read_file(const fs::path& path) {
    return read_text_file(path, kMaxFileBytes);
}

// Whether something of that name stands there, be it a file or not: what is no file is refused
// when it is read.
bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(fs::symlink_status(path, error));
}

TokenizerConfig load_config(const fs::path& folder) {
    TokenizerConfig config;
    const fs::path path = folder / "tokenizer_config.json";
    if (is_there(path)) config = parse_tokenizer_config(read_file(path), path.string());
    const fs::path roles = folder / "special_tokens_map.json";
    if (is_there(roles)) parse_special_tokens_map(read_file(roles), roles.string(), config);
    const fs::path added = folder / "added_tokens.json";
    if (is_there(added)) parse_added_tokens(read_file(added), added.string(), config);
    return config;
}

std::shared_ptr<const Tokenizer> load_bert(const fs::path& vocab) {
    return make_bert_tokenizer(parse_vocab_txt(read_file(vocab), vocab.string()),
                               load_config(vocab.parent_path()), vocab.string());
}

std::shared_ptr<const Tokenizer> load_merging(const fs::path& vocab, const fs::path& merges) {
    return make_merging_tokenizer(parse_vocab_json(read_file(vocab), vocab.string()),
                                  parse_merges(read_file(merges), merges.string()),
                                  load_config(vocab.parent_path()), merges.string());
}

SentencePieceModel read_model(const fs::path& path) {
    const MappedFile file(path);
    return parse_sentencepiece_model(file.text(), path.string());
}

std::shared_ptr<const Tokenizer> load_sentencepiece(const fs::path& path) {
    return make_sentencepiece_tokenizer(read_model(path), load_config(path.parent_path()),
                                        path.string());
}

std::shared_ptr<const Tokenizer> load_marian(const fs::path& source, const fs::path& vocab) {
    const TokenizerConfig config = load_config(vocab.parent_path());
    const fs::path spelling = source.parent_path() / "target.spm";
    std::shared_ptr<const Tokenizer> target;
    if (source.filename() != spelling.filename() && is_there(spelling)) {
        const fs::path own = vocab.parent_path() / "target_vocab.json";
        if (config.has_two_vocabularies && !is_there(own)) {
            throw Error(own.string(), "", "the decoder's vocabulary (separate_vocabs)", "no file");
        }
        const fs::path& numbers = config.has_two_vocabularies ? own : vocab;
        target = make_marian_tokenizer(read_model(spelling),
                                       parse_vocab_json(read_file(numbers), numbers.string()),
                                       config, numbers.string(), nullptr);
    }
    return make_marian_tokenizer(read_model(source),
                                 parse_vocab_json(read_file(vocab), vocab.string()), config,
                                 vocab.string(), std::move(target));
}

std::shared_ptr<const Tokenizer> load_from_folder(const fs::path& folder) {
    const fs::path whole = folder / "tokenizer.json";
    if (is_there(whole)) return parse_tokenizer_json(read_file(whole), whole.string());
    const fs::path vocab = folder / "vocab.json";
    const fs::path merges = folder / "merges.txt";
    const fs::path list = folder / "vocab.txt";
    const fs::path source = folder / "source.spm";
    if (is_there(source) && is_there(vocab)) return load_marian(source, vocab);
    for (const char* name : {"spiece.model", "tokenizer.model", "sentencepiece.bpe.model"}) {
        if (is_there(folder / name)) return load_sentencepiece(folder / name);
    }
    if (is_there(vocab) && is_there(merges)) return load_merging(vocab, merges);
    if (is_there(list)) return load_bert(list);
    if (is_there(vocab)) throw Error(vocab.string(), "", "merges.txt beside it", "none");
    if (is_there(merges)) throw Error(merges.string(), "", "vocab.json beside it", "none");
    return nullptr;
}

// Whether a JSON file is a whole tokenizer and not a list of pieces and ids.
bool is_whole_tokenizer(const fs::path& path) {
    if (path.filename() == "tokenizer.json") return true;
    if (path.filename() == "vocab.json") return false;
    const std::string text = read_file(path);
    if (!recognise_wrong_content(text).empty()) return true;
    const Json* model = nullptr;
    const Json json = parse_json(text, path.string());
    model = json.find("model");
    return model == nullptr || !model->is_number();
}

}  // namespace

std::shared_ptr<const Tokenizer> load_tokenizer(const fs::path& folder_or_file) {
    const fs::path& path = folder_or_file;
    std::error_code error;
    if (fs::is_directory(path, error)) return load_from_folder(path);
    if (path.filename() == "merges.txt") {
        return load_merging(path.parent_path() / "vocab.json", path);
    }
    if (path.extension() == ".txt") return load_bert(path);
    if (path.extension() == ".json") {
        if (is_whole_tokenizer(path)) return parse_tokenizer_json(read_file(path), path.string());
        return load_merging(path, path.parent_path() / "merges.txt");
    }
    if (path.extension() == ".spm") {
        return load_marian(path, path.parent_path() / "vocab.json");
    }
    if (path.extension() == ".model") return load_sentencepiece(path);
    if (path.extension() == ".gguf" || is_gguf_file(path))
        return make_gguf_tokenizer(GgufFile(path));
    throw Error(path.string(), "",
                "tokenizer.json, vocab.json, merges.txt, vocab.txt, a .model or a .gguf",
                "a file of another kind");
}

}  // namespace heed
