import { Button, Input, View } from "@tarojs/components";
import { createAuth } from "@lingpai/miniprogram";
import Taro from "@tarojs/taro";
import { useState } from "react";

const { server, app } = wx.getExtConfigSync();
const auth = createAuth({ baseURL: server, app, wx });

export default function Index() {
  const [name, setName] = useState("");
  const [user, setUser] = useState("nobody");

  async function login() {
    const { code } = await Taro.login();
    const { data } = await Taro.request({ url: `${server}/v1/${app}/login`, method: "POST", data: { code } });
    setUser(`own ${data.user.id}`);
  }

  async function loginWithTheSdk() {
    setUser(`sdk ${(await auth.login()).id}`);
  }

  return (
    <View>
      <Input id="name" value={name} onInput={(event) => setName(event.detail.value)} />
      <Button id="own" onClick={login}>Sign in</Button>
      <Button id="sdk" onClick={loginWithTheSdk}>Sign in with the SDK</Button>
      <View id="told">{name} {user}</View>
    </View>
  );
}
